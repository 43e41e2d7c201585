package dev.countersign.observe;

import dev.countersign.observe.Observations.Observation;
import dev.countersign.observe.Observations.Order;
import java.time.Instant;
import java.util.List;

/** An observation as its row stands. The members are the columns of {@code V55__observe.sql} , {@code V170__observe_segments.sql} and {@code V186__observe_readings.sql}, and {@code V246__observe_own_counts.sql}. */
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
        List<OwnCount> own) {
    /** Whose objectives are not asked for. */
    Watched(
            long number,
            Observation observation,
            Instant clockSince,
            Instant readUntil,
            int revision,
            Double referenceP95Ms,
            List<Objective> objectives,
            List<Segment> segments,
            List<Reading> readings) {
        this(
                number,
                observation,
                clockSince,
                readUntil,
                revision,
                referenceP95Ms,
                objectives,
                segments,
                readings,
                List.of());
    }

    Order order() {
        return observation.order();
    }
}
