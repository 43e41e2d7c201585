package dev.countersign.observe;

import java.util.List;
import java.util.Set;

/**
 * One row of the table {@code canary-metrics}: by which rule the candidate is compared with the concurrent baseline, and what is too much.
 *
 * @param name {@code error ratio}; {@code latency p50}, {@code latency p95}, {@code latency p99}; {@code rum LCP}, {@code rum INP}, {@code rum CLS}, {@code rum JS errors};
 *     {@code kpi} and the id of a business figure; or {@code canary} and the name that the team's own configuration gives it
 * @param rule {@code ratio} (errors, valid however often it is looked at), {@code ranks} (latencies, asked once a window), {@code p75} (pages of real users, asked once a window), {@code events} (business
 *     figures, valid however often it is looked at), {@code window} (business figures, asked once a window), or {@code not applied}
 * @param worse {@code more} or {@code less}, of the team's own {@code either} too: the direction that is a deterioration
 * @param tolerated ratio of the candidate's error rate to the baseline's that is not worth stopping for, for example 2; of no meaning for ranks
 * @param minimumRate smallest difference of error rates that matters: 0.001 is 0.1 percentage points
 * @param minimumShiftMs smallest difference of latencies that matters, in milliseconds
 * @param alpha accepted chance of a false alarm; the confidence is the rest
 * @param critical a breach rolls back; else it holds and begins the window anew
 * @param ruleVersion the table and its version
 * @param kpi what is counted for a business figure; null for all else
 * @param own what is measured of the team's own configuration; null for all else
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
        String ruleVersion,
        Kpi kpi,
        Own own) {
    static final String ERROR_RATIO = "error ratio";
    static final String RATIO = "ratio";
    static final String RANKS = "ranks";
    static final String P75 = "p75";
    static final String EVENTS = "events";
    static final String WINDOW = "window";
    private static final String KPI = "kpi ";
    public static final String OWN = "canary ";
    static final String NOT_APPLIED = "not applied";
    private static final Set<String> LATENCIES = Set.of("latency p50", "latency p95", "latency p99");

    /**
     * A business figure as the catalog declared it when the release's plan was frozen.
     *
     * @param digest of the file that declares it
     * @param deviation the tolerated part
     */
    public record Kpi(
            String events, String per, String digest, double deviation, boolean concurrent, boolean seasonal) {
        MetricsSource.Query query() {
            return new MetricsSource.Query(events, per);
        }
    }

    /**
     * A metric of the team's own canary configuration, as the catalog declared it when the release's plan was frozen.
     *
     * @param query of one version's value, with {@code ${digest}} where the version is named
     * @param labels by which it tells several values apart
     * @param groups of the score
     * @param replaces a measurement without a value is 0; else it is none
     * @param mustHaveData a version without any value is not known to be 0 even so
     * @param muted in nobody's way
     * @param increase how many times the baseline's mean is tolerated, and with {@code decrease} how little of it
     * @param criticalIncrease the same, beyond which it rolls back where it is critical
     */
    public record Own(
            String query,
            List<String> labels,
            List<String> groups,
            boolean replaces,
            boolean mustHaveData,
            boolean muted,
            double increase,
            double decrease,
            double criticalIncrease,
            double criticalDecrease) {
        public Own {
            labels = List.copyOf(labels);
            groups = List.copyOf(groups);
        }
    }

    /** For all but the team's own. */
    public CanaryMetric(
            String name,
            String rule,
            String worse,
            double tolerated,
            double minimumRate,
            double minimumShiftMs,
            double alpha,
            boolean critical,
            String ruleVersion,
            Kpi kpi) {
        this(name, rule, worse, tolerated, minimumRate, minimumShiftMs, alpha, critical, ruleVersion, kpi, null);
    }

    /** For all but business figures. */
    public CanaryMetric(
            String name,
            String rule,
            String worse,
            double tolerated,
            double minimumRate,
            double minimumShiftMs,
            double alpha,
            boolean critical,
            String ruleVersion) {
        this(name, rule, worse, tolerated, minimumRate, minimumShiftMs, alpha, critical, ruleVersion, null, null);
    }

    public CanaryMetric {
        boolean errors = ERROR_RATIO.equals(name);
        boolean ofKpi = name != null && name.startsWith(KPI) && kpi != null;
        boolean ofPages = isOfPages(name);
        boolean ofTeam = name != null && name.startsWith(OWN) && own != null;
        require(
                errors || LATENCIES.contains(name) || ofPages || ofKpi || ofTeam,
                "metric",
                name,
                "error ratio, latency p50, p95 or p99, rum LCP, INP, CLS or JS errors, kpi or canary");
        require(
                NOT_APPLIED.equals(rule)
                        || (ofKpi
                                ? EVENTS.equals(rule) || WINDOW.equals(rule)
                                : (errors ? RATIO : ofPages ? P75 : RANKS).equals(rule)),
                "rule",
                rule,
                "ratio for errors, ranks for latencies, p75 for pages of users, events or window for business figures, or not applied");
        require(!ofPages || !critical, "critical", critical, "false for what anybody can send");
        require(
                "more".equals(worse) || !errors && !ofPages && "less".equals(worse) || ofTeam && "either".equals(worse),
                "worse",
                worse,
                "more, or for latencies and business figures less");
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

    private static boolean isOfPages(String name) {
        for (Vital vital : Vital.values()) {
            if (vital.metric().equals(name)) {
                return true;
            }
        }
        return false;
    }

    /** Known beside requests, and judged by rules of its own. */
    boolean isSignal() {
        return !NOT_APPLIED.equals(rule) && (isOfKpi() || isOfPages(name));
    }

    boolean isOfKpi() {
        return kpi != null;
    }

    /** Of the team's own configuration. */
    boolean isOwn() {
        return own != null;
    }

    /** As the team calls it. */
    String ownName() {
        return name.substring(OWN.length());
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
