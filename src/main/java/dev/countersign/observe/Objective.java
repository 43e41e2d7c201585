package dev.countersign.observe;

import dev.countersign.catalog.Slo;
import dev.countersign.observe.MetricsSource.Sample;
import java.util.List;

/**
 * A service level objective as an observation began with it.
 *
 * @param kind availability, latency or errors
 * @param target ratio of good to all, for example 0.995
 * @param thresholdMs for latency: up to here a request is good
 */
record Objective(String name, String kind, double target, Double thresholdMs, String digest) {
    /** Of an objective that nothing can measure. */
    private static final String UNREAD = "unspecified";

    static final List<String> REQUIRED = List.of("availability", "latency", "errors");

    /** Good and all requests, or slices of time. */
    record Ratio(double good, double total) {
        double value() {
            return good / total;
        }

        long events() {
            return Math.round(total);
        }
    }

    static Objective of(Slo slo) {
        return new Objective(
                slo.name(), slo.unread() == null ? slo.kind() : UNREAD, slo.target(), slo.thresholdMs(), slo.digest());
    }

    /** Null where it cannot be measured: no requests, no threshold, or a source without buckets. Never a pass. */
    Ratio measure(List<Sample> samples) {
        long good = 0;
        long total = 0;
        for (Sample sample : samples) {
            total += sample.requests();
            if (!kind.equals("latency")) {
                good += sample.requests() - sample.errors();
            } else if (thresholdMs == null || sample.latencies() == null && sample.requests() > 0) {
                return null;
            } else if (sample.requests() > 0) {
                good += sample.latencies().atMost(thresholdMs);
            }
        }
        return total == 0 ? null : new Ratio(good, total);
    }

    /** How many times faster than sustainable the error budget is spent: 1 spends it exactly by the window's end. */
    double burn(Ratio ratio) {
        return target >= 1
                ? (ratio.good() == ratio.total() ? 0 : Double.POSITIVE_INFINITY)
                : (1 - ratio.value()) / (1 - target);
    }

    boolean measurable() {
        return REQUIRED.contains(kind);
    }
}
