package dev.countersign.rollout;

import dev.countersign.observe.SyntheticJourneys.Walk;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** What came of the journeys that were walked for a release. */
public interface JourneyWalks {
    /** Whether the catalog has journeys of the service; asks nobody. */
    boolean areDeclared(String service);

    /** What the longest of them takes at most; zero without any. */
    Duration longest(String service);

    /** In their order; empty, and nothing is asked, where the catalog has no journeys of the service. */
    List<WalkRecord> of(String releaseKey, String service);

    /** Walks the journeys on the stable version once more, and keeps what came of it; empty where none are declared. */
    List<Walk> afterRollback(Rollouts.Rollout rollout);

    /**
     * @param phase {@code step}, {@code end} (of a step), {@code promotion} or {@code rollback}
     * @param digest of the file that declared the journey
     * @param side {@code CANARY} or {@code STABLE}
     */
    record WalkRecord(
            String phase,
            int step,
            int epoch,
            String journey,
            String digest,
            String side,
            String verdict,
            String sentence,
            long tookMs,
            Instant walkedAt) {}
}
