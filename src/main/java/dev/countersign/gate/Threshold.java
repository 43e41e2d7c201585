package dev.countersign.gate;

import java.util.Map;

/**
 * A row of the table {@code gate-thresholds}.
 *
 * @param metric a count of the document's summary, {@code age} in hours, {@code daysValid}, {@code fresh}, or {@code suite X}
 * @param comparison {@code at least}, {@code at most}, or {@code at most, where counted}: a limit that does not ask that some document counts it
 * @param breach the verdict when it does not hold: {@code FAIL}, {@code NO_DATA} or {@code advise}
 */
record Threshold(String metric, String comparison, double limit, String breach, String meaning) {
    static final String AGE = "age";

    /** Days until the end that a document states itself. */
    static final String VALIDITY = "daysValid";

    /** Hours since the system that holds the document was asked, at the moment when the rollout begins. */
    static final String FRESHNESS = "fresh";

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

    boolean isValidity() {
        return VALIDITY.equals(metric);
    }

    boolean isFreshness() {
        return FRESHNESS.equals(metric);
    }

    /** Whether it looks at what a document says, and not only at how old it is. */
    boolean isOfContent() {
        return !isAge() && !isValidity() && !isFreshness();
    }

    boolean isAdvice() {
        return "advise".equals(breach);
    }

    /** A row that cannot be understood must not pass anything. */
    boolean isUnderstood() {
        return ("at least".equals(comparison) || isAtMost())
                && !Double.isNaN(limit)
                && (isAdvice() || "FAIL".equals(breach) || "NO_DATA".equals(breach));
    }

    boolean isAtMost() {
        return "at most".equals(comparison) || isOnlyWhereCounted();
    }

    /** Not every tool looks for it, and none has to. */
    boolean isOnlyWhereCounted() {
        return "at most, where counted".equals(comparison);
    }

    boolean holds(double value) {
        return "at least".equals(comparison) ? value >= limit : value <= limit;
    }

    String limitInWords() {
        return (isAtMost() ? "at most" : comparison) + " " + number(limit);
    }

    static String number(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }
}
