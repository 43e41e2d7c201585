package dev.countersign.portfolio;

import dev.countersign.rollback.Rollbacks.Rollback;
import dev.countersign.rollback.Rung;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A rollback measured, as the HTTP contract names its members.
 *
 * @param startedAt when the trouble was detected: the budget runs from then
 * @param detectedBy who or what demanded the rollback
 * @param exposed whether users may have met the release
 * @param trafficBackAt when users were back on the stable version; null while they are not
 * @param finishedAt when the way back was proved; null while it runs
 * @param budget null where traffic was taken back and the rollback itself has not begun
 * @param took from detection to the proof; null while it runs
 * @param trafficBackAfter from detection to users being safe
 * @param breachedAt when the budget was exceeded; null where it held
 * @param rungs what each rung of the ladder did, and how long it took with its retries
 */
record RollbackFacts(
        Instant startedAt,
        Instant trafficBackAt,
        Instant finishedAt,
        Duration budget,
        Duration took,
        Duration trafficBackAfter,
        Instant breachedAt,
        String cause,
        String failedRung,
        List<String> checks,
        List<Rung> rungs,
        String detectedBy,
        boolean exposed) {
    static Optional<RollbackFacts> of(WholeRelease whole) {
        return whole.rollback()
                .map(rollback -> of(rollback, whole.wayBack().rungs()))
                .or(() -> tripped(whole));
    }

    private static RollbackFacts of(Rollback rollback, List<Rung> rungs) {
        return new RollbackFacts(
                rollback.detectedAt(),
                rollback.trafficBackAt(),
                rollback.finishedAt(),
                rollback.budget(),
                rollback.took(),
                rollback.trafficBackAfter(),
                rollback.breachedAt(),
                rollback.cause(),
                rollback.failedRung(),
                rollback.checks(),
                rungs,
                rollback.detectedBy(),
                rollback.exposed());
    }

    /** The breaker acts before the process does. */
    private static Optional<RollbackFacts> tripped(WholeRelease whole) {
        return whole.rollout()
                .filter(rollout -> rollout.trippedAt() != null)
                .map(rollout -> new RollbackFacts(
                        rollout.trippedAt(),
                        rollout.trafficBackAt(),
                        null,
                        null,
                        null,
                        rollout.trafficBackAt() == null
                                ? null
                                : Duration.between(rollout.trippedAt(), rollout.trafficBackAt()),
                        null,
                        rollout.trippedBecause(),
                        null,
                        List.of(),
                        List.of(),
                        rollout.trippedBy(),
                        true));
    }
}
