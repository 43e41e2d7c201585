package dev.countersign.preparation;

import static dev.countersign.workflow.ReleaseStep.step;

import dev.countersign.identity.Actors;
import dev.countersign.release.Timeline;
import dev.countersign.workflow.ReleaseStep;
import java.util.List;
import java.util.Map;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The steps of the model {@code release-preparation}; a bean's name is the id that the model uses. */
@Configuration(proxyBeanMethods = false)
class PreparationSteps {
    @Bean
    ReleaseStep determinePreparation(Ticking ticking, Preparedness preparedness, Timeline timeline) {
        return step((releaseKey, execution) -> {
            ticking.hold(releaseKey);
            List<String> missing = preparedness.missing(releaseKey);
            if (!missing.isEmpty()) {
                timeline.record(
                        releaseKey,
                        "preparation.asked",
                        Actors.PLATFORM,
                        "To be prepared: " + String.join("; ", missing),
                        Map.of("missing", missing));
            }
        });
    }

    @Bean
    ReleaseStep weighPreparation(Ticking ticking, Preparedness preparedness) {
        return step((releaseKey, execution) -> {
            // A checklist may have been approved while a person decided on the lack of one.
            ticking.hold(releaseKey);
            String outcome = preparedness.outcome(releaseKey);
            execution.setVariable("preparationOutcome", outcome);
            execution.setVariable("prepared", "complete".equals(outcome));
        });
    }

    @Bean
    ReleaseStep remindPreparers(PreparationNotices notices) {
        return step((releaseKey, execution) -> notices.remind(releaseKey));
    }

    @Bean
    ReleaseStep recordPreparationMissed(Preparedness preparedness, Timeline timeline) {
        return step((releaseKey, execution) -> {
            List<String> missing = preparedness.missing(releaseKey);
            timeline.record(
                    releaseKey,
                    "preparation.missed",
                    Actors.PLATFORM,
                    "The time to prepare is over; missing: " + String.join("; ", missing),
                    Map.of("missing", missing));
            execution.setVariable("prepared", false);
        });
    }
}
