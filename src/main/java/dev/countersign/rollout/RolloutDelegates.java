package dev.countersign.rollout;

import dev.countersign.identity.Actors;
import dev.countersign.release.ClearanceMissing;
import dev.countersign.release.StateConflict;
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
    static final String MODEL = "staged-rollout";
    /** The flow of a step that is woken before its verdict; models that are older have none. */
    static final String WAITS_ON = "stepOutcomeOpen";

    private final Timeline timeline;
    private final Actors actors;

    RolloutDelegates(Timeline timeline, Actors actors) {
        this.timeline = timeline;
        this.actors = actors;
    }

    /** What the records refuse is an outcome that the model leads on from; the attempt stays, whatever becomes of the process. */
    private ReleaseStep step(boolean remote, Work work) {
        Work guarded = (releaseKey, execution) -> {
            try {
                work.on(releaseKey, execution);
            } catch (StateConflict refusal) {
                String step = execution.getCurrentActivityId();
                timeline.refused(
                        releaseKey,
                        "rollout.refused",
                        actors.current(),
                        "Refused at '%s': %s".formatted(step, refusal.getMessage()),
                        Map.of("step", step));
                String outcome = outcomeOf(refusal);
                if (outcome == null) {
                    throw refusal;
                }
                throw new BpmnError(outcome, refusal.getMessage());
            }
        };
        return remote ? ReleaseStep.remoteStep(guarded) : ReleaseStep.step(guarded);
    }

    /** Null where waiting may help: the step is tried again. */
    private static String outcomeOf(StateConflict refusal) {
        if (refusal instanceof ClearanceMissing) {
            return "clearanceLost";
        }
        if (refusal instanceof ServiceBusy) {
            return "serviceBusy";
        }
        if (refusal instanceof OtherArtifact) {
            return "otherArtifact";
        }
        return refusal instanceof PromotionRefused ? "promotionRefused" : null;
    }

    @Bean
    ReleaseStep planRollout(RolloutSteps steps) {
        return step(true, (key, execution) -> steps.plan(key));
    }

    @Bean
    ReleaseStep deployCandidate(RolloutSteps steps) {
        return step(true, (key, execution) -> {
            if (!steps.deploy(key)) {
                throw new BpmnError("capacityUnconfirmed", "Nobody has confirmed that there is room for two versions");
            }
        });
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
    ReleaseStep runJourneys(JourneyPhase journeys) {
        return step(
                true,
                (key, execution) -> execution.setVariable(
                        "journeyOutcome", journeys.run(key).id()));
    }

    @Bean
    ReleaseStep observeStep(RolloutSteps steps) {
        return step(false, (key, execution) -> steps.observe(key));
    }

    @Bean
    ReleaseStep readVerdict(RolloutSteps steps) {
        return step(true, (key, execution) -> {
            RolloutSteps.StepOutcome outcome = steps.readVerdict(key);
            if ("FAIL".equals(outcome.verdict())) {
                throw new BpmnError("journeyFailed", "A journey failed on the canary alone");
            }
            if (outcome.isOpen() && execution.getBpmnModelInstance().getModelElementById(WAITS_ON) == null) {
                // Its model began before one could wait on: it would ask a person and say that traffic is back.
                throw new IllegalStateException("There is no verdict yet, and the model does not wait on");
            }
            execution.setVariable("stepVerdict", outcome.verdict());
            execution.setVariable("promotedByPerson", outcome.byPerson());
            execution.setVariable("stepsLeft", outcome.left());
        });
    }

    @Bean
    ReleaseStep settlePromotion(StepPromotion promotion) {
        return step(true, (key, execution) -> execution.setVariable("stepPromoted", promotion.settle(key)));
    }

    @Bean
    ReleaseStep holdTraffic(TrafficControl traffic) {
        return step(
                false, (key, execution) -> traffic.hold(key, "a system did not answer, and the step could not go on"));
    }

    @Bean
    ReleaseStep resumeSteps(RolloutSteps steps) {
        return step(false, (key, execution) -> steps.resume(key));
    }

    @Bean
    ReleaseStep watchObjectives(Stabilisation stabilisation) {
        return step(false, (key, execution) -> stabilisation.begin(key));
    }

    @Bean
    ReleaseStep readStability(Stabilisation stabilisation) {
        return step(
                false, (key, execution) -> execution.setVariable("stabilityVerdict", stabilisation.readVerdict(key)));
    }

    @Bean
    ReleaseStep promoteCandidate(Stabilisation stabilisation) {
        return step(true, (key, execution) -> {
            if (!stabilisation.promote(key)) {
                throw new BpmnError("rollbackNeeded", "A journey failed on the candidate alone");
            }
        });
    }
}
