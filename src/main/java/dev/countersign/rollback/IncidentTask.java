package dev.countersign.rollback;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.task.FailureHandler;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.stereotype.Component;

/** Written with a step of the rollback and done after it, at once and until it succeeds: the incident keeps nobody from the stable version, and is not forgotten. */
@Component
class IncidentTask {
    private static final TaskDescriptor<String> FOLLOW = TaskDescriptor.of("incident-of-rollback", String.class);
    private static final String OVER = "over";

    private final ObjectProvider<SchedulerClient> scheduler;

    IncidentTask(ObjectProvider<SchedulerClient> scheduler) {
        this.scheduler = scheduler;
    }

    void begun(String releaseKey) {
        follow(releaseKey, "begun");
    }

    /** As often as a person is called; what is new about it is found later. */
    void handsSummoned(String releaseKey) {
        follow(releaseKey, "hands/" + UUID.randomUUID());
    }

    void over(String releaseKey) {
        follow(releaseKey, OVER);
    }

    /** One for each step: what one has read before the next was committed, the next reads anew. */
    private void follow(String releaseKey, String step) {
        scheduler
                .getObject()
                .scheduleIfNotExists(FOLLOW.instance(releaseKey + "/" + step)
                        .data(releaseKey)
                        .scheduledTo(Instant.now()));
    }

    @Configuration(proxyBeanMethods = false)
    static class Task {
        @Bean
        OneTimeTask<String> followRollbackWithIncident(ObjectProvider<RollbackIncident> incident) {
            return Tasks.oneTime(FOLLOW)
                    .onFailure(new FailureHandler.OnFailureRetryLater<>(Duration.ofSeconds(10)))
                    .execute((instance, context) -> {
                        incident.getObject().tellHowItStands(instance.getData());
                        if (instance.getId().endsWith("/" + OVER)) {
                            // Two looks at the same moment would ask for two repairs.
                            incident.getObject().lookWhenItIsOver(instance.getData());
                        }
                    });
        }
    }
}
