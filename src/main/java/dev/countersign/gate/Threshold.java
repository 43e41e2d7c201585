package dev.countersign.gate;

import java.util.Map;

/**
 * A row of the table {@code gate-thresholds}.
 *
 * @param metric a count of the document's summary, {@code age} in hours, or {@code suite X}
 * @param comparison {@code at least} or {@code at most}
 * @param breach the verdict when it does not hold: {@code FAIL}, {@code NO_DATA} or {@code advise}
 */
record Threshold(String metric, String comparison, double limit, String breach, String meaning) {
    static final String AGE = "age";

    static Threshold of(Map<String, Object> row) {
        return new Threshold(
                String.valueOf(row.get("metric")),
                String.valueOf(row.get("comparison")),
                row.get("limit") instanceof Number number ? number.doubleValue() : Double.NaN,
                String.valueOf(row.get("breach")),
                String.valueOf(row.getOrDefault("meaning", "")));
    }

    boolean isAge() {
        return AGE.equals(metric);
    }

    boolean isAdvice() {
        return "advise".equals(breach);
    }

    /** A row that cannot be understood must not pass anything. */
    boolean isUnderstood() {
        return ("at least".equals(comparison) || "at most".equals(comparison))
                && !Double.isNaN(limit)
                && (isAdvice() || "FAIL".equals(breach) || "NO_DATA".equals(breach));
    }

    boolean holds(double value) {
        return "at least".equals(comparison) ? value >= limit : value <= limit;
    }

    String limitInWords() {
        return comparison + " " + number(limit);
    }

    static String number(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }
}
