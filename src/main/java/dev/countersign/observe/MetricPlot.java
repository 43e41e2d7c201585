package dev.countersign.observe;

import java.util.List;

/**
 * One metric that the judge watches, as columns that a chart can draw.
 *
 * @param metric as the tables name it
 * @param unit {@code ratio} (1 is all), {@code ms}, {@code rate} (events for each unit) {@code score} (without a unit) or {@code value} (as the team measures it)
 * @param note what the lines are, and what a breach leads to
 * @param verdict of this metric alone, at the latest look that asked for it; null while none has
 * @param sentence why; null while there is no verdict
 * @param missing what is missing and what to do next, where there is nothing to draw; null where there is
 * @param t seconds since 1970, one for each point; the other columns are as long, or empty where they have nothing, null where nothing was measured
 * @param median of the same hours of the weeks before
 * @param tolerated how far the comparison lets the candidate go
 * @param limit at which users are taken back whatever the baseline does; of a business figure or of pages, what is tolerated of what the baseline had last, once everybody is on the candidate
 */
public record MetricPlot(
        String metric,
        String title,
        String unit,
        String note,
        String verdict,
        String sentence,
        String missing,
        List<Double> t,
        List<Double> candidate,
        List<Double> baseline,
        List<Double> median,
        List<Double> tolerated,
        List<Double> limit) {
    /** What needs eyes comes first. */
    private static final List<String> GRAVITY =
            java.util.Arrays.asList("FAIL", "ERROR", "NO_DATA", "INCONCLUSIVE", null, "PASS", "NOT_APPLICABLE");

    public MetricPlot {
        t = columns(t);
        candidate = columns(candidate);
        baseline = columns(baseline);
        median = columns(median);
        tolerated = columns(tolerated);
        limit = columns(limit);
    }

    private static List<Double> columns(List<Double> column) {
        return java.util.Collections.unmodifiableList(new java.util.ArrayList<>(column));
    }

    public int gravity() {
        return GRAVITY.indexOf(verdict);
    }

    static int gravity(Outcome outcome) {
        return GRAVITY.indexOf(outcome.name());
    }
}
