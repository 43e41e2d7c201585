package dev.countersign.gate;

import java.util.Map;

/**
 * A row of the table {@code gate-thresholds}.
 *
 * @param metric a count of the document's summary, {@code age} in hours, {@code daysValid}, {@code fresh}, {@code suite X}, or a share: {@code lineCoverage}
 *     and {@code branchCoverage} as fractions (0.8 is 80 %), with {@code " %"} behind them in per cent
 * @param comparison {@code at least}, {@code at most}; with {@code ", where counted"} a limit that does not ask that some document counts it
 * @param breach the verdict when it does not hold: {@code FAIL}, {@code NO_DATA}, {@code ERROR} or {@code advise}
 */
record Threshold(String metric, String comparison, double limit, String breach, String meaning) {
    static final String AGE = "age";

    /** Days until the end that a document states itself. */
    static final String VALIDITY = "daysValid";

    /** Hours since the system that holds the document was asked, at the moment when the rollout begins. */
    static final String FRESHNESS = "fresh";

    private static final String WHERE_COUNTED = ", where counted";
    private static final String PER_CENT = " %";

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
        return (isAtLeast() || isAtMost())
                && !Double.isNaN(limit)
                && (share() == null || limit >= 0 && limit <= (isPerCent() ? 100 : 1))
                && (isAdvice() || "FAIL".equals(breach) || "NO_DATA".equals(breach) || "ERROR".equals(breach));
    }

    /** What a share is of: the documents count {@code linesCovered} and {@code linesMissed}; null where the measure is a count. */
    String share() {
        return switch (isPerCent() ? metric.substring(0, metric.length() - PER_CENT.length()) : metric) {
            case "lineCoverage" -> "lines";
            case "branchCoverage" -> "branches";
            default -> null;
        };
    }

    boolean isPerCent() {
        return metric.endsWith(PER_CENT);
    }

    boolean isAtLeast() {
        return comparison.equals("at least") || comparison.equals("at least" + WHERE_COUNTED);
    }

    boolean isAtMost() {
        return comparison.equals("at most") || comparison.equals("at most" + WHERE_COUNTED);
    }

    /** Not every tool looks for it, and none has to. */
    boolean isOnlyWhereCounted() {
        return comparison.endsWith(WHERE_COUNTED);
    }

    boolean holds(double value) {
        return isAtLeast() ? value >= limit : value <= limit;
    }

    String limitInWords() {
        return comparison.replace(WHERE_COUNTED, "") + " " + number(limit);
    }

    /** A measured value, cut and not rounded: it must not look like a limit that it did not reach. */
    String say(double value) {
        return share() == null
                ? number(value)
                : java.math.BigDecimal.valueOf(value)
                        .setScale(isPerCent() ? 2 : 4, java.math.RoundingMode.DOWN)
                        .stripTrailingZeros()
                        .toPlainString();
    }

    static String number(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }
}
