package dev.countersign.rollback;

import dev.countersign.rollback.Rollbacks.Rollback;
import dev.countersign.rollout.Rollouts;
import java.util.Optional;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.stereotype.Component;

/** Finds what a step of the ladder is about. */
@Component
class Descents {
    private final Rollouts rollouts;
    private final RollbackStore rollbacks;
    private final DrillStore drills;

    Descents(Rollouts rollouts, RollbackStore rollbacks, DrillStore drills) {
        this.rollouts = rollouts;
        this.rollbacks = rollbacks;
        this.drills = drills;
    }

    /** What the ladder is about: the drill that it was called for, or the rollback. Empty where nothing had been deployed. */
    Optional<Descent> of(String releaseKey, DelegateExecution execution) {
        Object drill = execution.getVariable(Drills.VARIABLE);
        return drill == null ? of(releaseKey) : Optional.of(drills.descent(releaseKey, ((Number) drill).longValue()));
    }

    /** The rollback's own. Empty where nothing had been deployed. */
    Optional<Descent> of(String releaseKey) {
        return rollouts.find(releaseKey).map(rollout -> {
            Rollback rollback = rollbacks.get(releaseKey);
            return new Descent(
                    releaseKey,
                    Descent.NO_DRILL,
                    rollout.service(),
                    rollout.candidate(),
                    rollout.baseline(),
                    rollout.plan().triggers().maxErrorRate(),
                    rollback.detectedAt(),
                    rollback.startedAt());
        });
    }
}
