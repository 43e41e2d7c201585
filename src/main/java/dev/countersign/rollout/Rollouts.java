package dev.countersign.rollout;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** How the rollouts stand. */
public interface Rollouts {
    Optional<Rollout> find(String releaseKey);

    List<StepRecord> stepsOf(String releaseKey);

    /** {@code RUNNING}, {@code PAUSED}, {@code HALTED}, {@code COMPLETE}, {@code BACK} (traffic is on the stable version again). */
    enum Status {
        RUNNING,
        PAUSED,
        HALTED,
        COMPLETE,
        BACK
    }

    /**
     * @param wanted share of the candidate that was asked for
     * @param actual share as the router itself reports it
     * @param trippedAt when trouble was detected; null while there is none
     */
    record Rollout(
            String releaseKey,
            String service,
            String candidate,
            String baseline,
            RolloutPlan plan,
            Status status,
            String because,
            int step,
            double wanted,
            Double actual,
            int epoch,
            Instant startedAt,
            Instant finishedAt,
            Instant trippedAt,
            String trippedBy,
            String trippedBecause,
            Instant trafficBackAt) {
        /** Fallen back, so that nothing may move forward any more. */
        public boolean isBack() {
            return status == Status.BACK;
        }

        /** In its steps: something is left to halt. */
        public boolean isMoving() {
            return status == Status.RUNNING || status == Status.PAUSED;
        }

        /** The router itself reports that nobody is on the candidate. */
        public boolean isProvenOff() {
            return actual != null && actual == 0;
        }

        /** Somebody is meant to meet it, or nobody knows that none does. */
        public boolean isMet() {
            return wanted > 0 || !isProvenOff();
        }

        /** The share that is wanted is one of those for whom the flag is on. */
        public boolean rampsFlag() {
            return plan.step(step).isByFlag();
        }
    }

    /** A step's share is set and it is watched. In memory, in the transaction that began it. */
    record StepStarted(String releaseKey, int step, double share) {}

    record StepRecord(
            int step,
            int epoch,
            double share,
            String observation,
            Instant startedAt,
            Instant endedAt,
            String verdict,
            String sentence) {}
}
