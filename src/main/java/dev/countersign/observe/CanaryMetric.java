package dev.countersign.observe;

import java.util.Set;

/**
 * One row of the table {@code canary-metrics}: by which rule the candidate is compared with the concurrent baseline, and what is too much.
 *
 * @param name {@code error ratio}, or {@code latency p50}, {@code latency p95}, {@code latency p99}
 * @param rule {@code ratio} (errors, valid however often it is looked at), {@code ranks} (latencies, asked once a window), or {@code not applied}
 * @param worse {@code more} or {@code less}: the direction that is a deterioration
 * @param tolerated ratio of the candidate's error rate to the baseline's that is not worth stopping for, for example 2; of no meaning for ranks
 * @param minimumRate smallest difference of error rates that matters: 0.001 is 0.1 percentage points
 * @param minimumShiftMs smallest difference of latencies that matters, in milliseconds
 * @param alpha accepted chance of a false alarm; the confidence is the rest
 * @param critical a breach rolls back; else it holds and begins the window anew
 * @param ruleVersion the table and its version
 */
public record CanaryMetric(
        String name,
        String rule,
        String worse,
        double tolerated,
        double minimumRate,
        double minimumShiftMs,
        double alpha,
        boolean critical,
        String ruleVersion) {
    static final String ERROR_RATIO = "error ratio";
    static final String RATIO = "ratio";
    static final String RANKS = "ranks";
    static final String NOT_APPLIED = "not applied";
    private static final Set<String> LATENCIES = Set.of("latency p50", "latency p95", "latency p99");

    public CanaryMetric {
        boolean errors = ERROR_RATIO.equals(name);
        require(errors || LATENCIES.contains(name), "metric", name, "error ratio, latency p50, p95 or p99");
        require(
                NOT_APPLIED.equals(rule) || (errors ? RATIO : RANKS).equals(rule),
                "rule",
                rule,
                "ratio for errors, ranks for latencies, or not applied");
        require("more".equals(worse) || !errors && "less".equals(worse), "worse", worse, "more, or for latencies less");
        require(tolerated >= 1 && Double.isFinite(tolerated), "tolerated", tolerated, "a ratio of at least 1");
        require(minimumRate >= 0 && minimumRate < 1, "minimumRate", minimumRate, "a rate");
        require(
                minimumShiftMs >= 0 && Double.isFinite(minimumShiftMs),
                "minimumShiftMs",
                minimumShiftMs,
                "milliseconds");
        require(alpha > 0 && alpha < 0.5, "alpha", alpha, "a small chance");
    }

    /** What cannot be understood is refused before anything is judged by it: it would never fail. */
    private static void require(boolean known, String column, Object given, String right) {
        if (!known) {
            throw new IllegalArgumentException("canary-metrics: %s '%s' must be %s".formatted(column, given, right));
        }
    }

    boolean isOfErrors() {
        return RATIO.equals(rule);
    }

    boolean isOfRanks() {
        return RANKS.equals(rule);
    }

    double confidence() {
        return 1 - alpha;
    }

    /** Which part of the requests is faster, for a latency. */
    double quantile() {
        return Integer.parseInt(name.substring(name.length() - 2)) / 100.0;
    }
}
