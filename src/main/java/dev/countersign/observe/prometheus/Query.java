package dev.countersign.observe.prometheus;

import java.time.Duration;
import java.time.Instant;

/**
 * A query and the times at which it is evaluated.
 *
 * @param first when the first point is evaluated
 * @param last the last one, a whole number of steps later
 * @param step null for an instant query: then first and last are one
 * @param kind what its values may be
 */
record Query(String promql, Instant first, Instant last, Duration step, Kind kind) {
    enum Kind {
        /** Of things that happened: finite and not negative. Everything else is an error. */
        COUNT,
        /** Any number. What is none, as a quantile of no requests, is absent. */
        VALUE
    }

    static Query range(String promql, Instant first, Instant last, Duration step, Kind kind) {
        return new Query(promql, first, last, step, kind);
    }

    static Query instant(String promql, Instant at, Kind kind) {
        return new Query(promql, at, at, null, kind);
    }

    boolean isInstant() {
        return step == null;
    }

    boolean asksFor(Instant at) {
        return !at.isBefore(first)
                && !at.isAfter(last)
                && (isInstant() || Duration.between(first, at).toMillis() % step.toMillis() == 0);
    }
}
