package dev.countersign.rollout;

import dev.countersign.rollout.RolloutStore.Clocked;
import dev.countersign.rollout.Rollouts.Rollout;
import dev.countersign.rollout.Rollouts.Status;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.springframework.stereotype.Component;

/** Until when a step's verdict is waited for: its maximum, counted since its clock runs; while it is paused, as long as a pause may last. */
@Component
class StepClock {
    /** The candidate keeps its share meanwhile, as while a step that passed waits for a person. */
    static final Duration LONGEST_PAUSE = Duration.ofHours(4);

    private final RolloutStore store;
    private final Clock clock;

    StepClock(RolloutStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    Instant endsAt(Rollout rollout) {
        Clocked clocked = store.clockOf(RolloutSteps.observationOf(rollout))
                .orElseGet(() -> new Clocked(clock.instant(), clock.instant()));
        if (rollout.status() != Status.PAUSED) {
            return clocked.since().plus(rollout.plan().step(rollout.step()).maximum());
        }
        Instant pausedAt = clocked.pausedAt() == null ? clocked.since() : clocked.pausedAt();
        return pausedAt.plus(LONGEST_PAUSE);
    }

    boolean isOver(Rollout rollout) {
        return !clock.instant().isBefore(endsAt(rollout));
    }
}
