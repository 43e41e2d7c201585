package dev.countersign.observe;

import dev.countersign.observe.Observations.Observation;
import dev.countersign.observe.Observations.Order;
import java.time.Instant;
import java.util.List;

/**
 * An observation as its row stands. The members are the columns of {@code V55__observe.sql}, {@code V170__observe_segments.sql}, {@code V186__observe_readings.sql}, {@code V246__observe_own_counts.sql},
 * {@code V252__observe_baseline_last.sql} and {@code V285__observe_canary.sql}.
 *
 * @param last null where nothing of the baseline was looked for when it began
 */
record Watched(
        long number,
        Observation observation,
        Instant clockSince,
        Instant readUntil,
        int revision,
        Double referenceP95Ms,
        List<Objective> objectives,
        List<Segment> segments,
        List<Reading> readings,
        List<OwnCount> own,
        List<BaselineLast> last) {
    /** Everybody is on the candidate, and its objectives decide. */
    boolean isStabilising() {
        return last != null && order().baseline() == null;
    }

    Order order() {
        return observation.order();
    }
}
