package dev.countersign.rollout;

import dev.countersign.identity.Actors;
import dev.countersign.release.ClearanceMissing;
import dev.countersign.release.Timeline;
import dev.countersign.workflow.ReleaseStep;
import dev.countersign.workflow.ReleaseStep.Work;
import java.util.Map;
import org.camunda.bpm.engine.delegate.BpmnError;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The steps of staged-rollout and stabilisation, by their ids in the models. */
@Configuration(proxyBeanMethods = false)
class RolloutDelegates {
    private final Timeline timeline;
    private final Actors actors;

    RolloutDelegates(Timeline timeline, Actors actors) {
        this.timeline = timeline;
        this.actors = actors;
    }

    private ReleaseStep step(boolean remote, Work work) {
        Work guarded = (releaseKey, execution) -> {
            try {
                work.on(releaseKey, execution);
            } catch (ClearanceMissing lost) {
                // Whoever brought the process here past the clearance: the attempt stays, whatever becomes of the
                // process.
                timeline.refused(
                        releaseKey,
                        "rollout.refused",
                        actors.current(),
                        "Refused at '%s': %s".formatted(execution.getCurrentActivityId(), lost.getMessage()),
                        Map.of("step", execution.getCurrentActivityId()));
                throw new BpmnError("clearanceLost", lost.getMessage());
            }
        };
        return remote ? ReleaseStep.remoteStep(guarded) : ReleaseStep.step(guarded);
    }

    @Bean
    ReleaseStep planRollout(RolloutSteps steps) {
        return step(false, (key, execution) -> steps.plan(key));
    }

    @Bean
    ReleaseStep deployCandidate(RolloutSteps steps) {
        return step(true, (key, execution) -> steps.deploy(key));
    }

    @Bean
    ReleaseStep verifyDigest(RolloutSteps steps) {
        return step(true, (key, execution) -> execution.setVariable("digestApproved", steps.runsApprovedDigest(key)));
    }

    @Bean
    ReleaseStep setSplit(TrafficControl traffic) {
        return step(true, (key, execution) -> traffic.forward(key));
    }

    @Bean
    ReleaseStep observeStep(RolloutSteps steps) {
        return step(false, (key, execution) -> steps.observe(key));
    }

    @Bean
    ReleaseStep readVerdict(RolloutSteps steps) {
        return step(false, (key, execution) -> {
            RolloutSteps.StepOutcome outcome = steps.readVerdict(key);
            execution.setVariable("stepVerdict", outcome.verdict());
            execution.setVariable("stepsLeft", outcome.left());
        });
    }

    @Bean
    ReleaseStep resumeSteps(RolloutSteps steps) {
        return step(false, (key, execution) -> steps.resume(key));
    }

    @Bean
    ReleaseStep watchObjectives(RolloutSteps steps) {
        return step(false, (key, execution) -> steps.stabilise(key));
    }

    @Bean
    ReleaseStep readStability(RolloutSteps steps) {
        return step(false, (key, execution) -> execution.setVariable("stabilityVerdict", steps.readStability(key)));
    }

    @Bean
    ReleaseStep promoteCandidate(RolloutSteps steps) {
        return step(true, (key, execution) -> steps.promote(key));
    }
}
