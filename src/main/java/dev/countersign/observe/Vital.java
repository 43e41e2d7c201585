package dev.countersign.observe;

import java.util.Optional;

/** What pages of real users tell of themselves, by the names that the library web-vitals gives it; errors of scripts by a name of ours. */
enum Vital {
    LCP("rum LCP", 1, 600_000, "ms"),
    INP("rum INP", 1, 600_000, "ms"),
    /** Counted in thousandths. */
    CLS("rum CLS", 1_000, 100, ""),
    JS_ERROR("rum JS errors", 1, 1_000, "");

    private final String metric;
    private final double scale;
    private final double most;
    private final String unit;

    Vital(String metric, double scale, double most, String unit) {
        this.metric = metric;
        this.scale = scale;
        this.most = most;
        this.unit = unit;
    }

    String metric() {
        return metric;
    }

    /** As it is counted; empty for a value that no page can have. */
    Optional<Double> counted(double value) {
        return Double.isFinite(value) && value >= 0 && value <= most ? Optional.of(value * scale) : Optional.empty();
    }

    /** As pages told it. */
    double told(double counted) {
        return counted / scale;
    }

    /** As people write it. */
    String words(double counted) {
        return this == CLS
                ? String.format(java.util.Locale.ROOT, "%.3f", counted / scale)
                : String.format(java.util.Locale.ROOT, "%.0f %s", counted, unit).strip();
    }

    static Vital ofMetric(String metric) {
        for (Vital vital : values()) {
            if (vital.metric.equals(metric)) {
                return vital;
            }
        }
        throw new IllegalArgumentException("Pages tell nothing of " + metric);
    }
}
