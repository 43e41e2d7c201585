package dev.countersign.observe;

import java.util.Locale;
import java.util.Map;

/** What stands around a chart, for somebody who does not know the tables. */
final class PlotText {
    static final String NOT_YET = "Nothing has been measured yet; the first measurements come within moments.";

    static final String TOLERATED_ERRORS =
            "Tolerated is a multiple of what the baseline had so far in the step; it is judged by evidence, not by a point over the line.";

    static final String LATENCY_LIMIT =
            "Once everybody is on the candidate, the limit goes from what the baseline took last; while the release stabilises a breach of it holds.";

    static final String OWN =
            "Of the team's own canary configuration; compared by ranks once a window, while both versions serve.";

    static final String MUTED =
            "Of the team's own canary configuration, which has muted it: it neither holds nor rolls back.";

    private static final String LAST =
            " Once everybody is on the candidate, the limit is what is tolerated of what the baseline had last; beyond it the release is held.";

    private static final Map<String, String> TITLES = Map.of(
            "error ratio", "Share of requests that failed",
            "latency p50", "Latency, median",
            "latency p95", "Latency, 95th percentile",
            "latency p99", "Latency, 99th percentile",
            "rum LCP", "Largest contentful paint, p75",
            "rum INP", "Interaction to next paint, p75",
            "rum CLS", "Cumulative layout shift, p75",
            "rum JS errors", "Script errors for each page");

    private PlotText() {}

    static String title(String metric) {
        return TITLES.getOrDefault(
                metric,
                metric.startsWith(CanaryMetric.OWN)
                        ? "Canary configuration: " + metric.substring(CanaryMetric.OWN.length())
                        : metric.startsWith("kpi ") ? "Business figure: " + metric.substring(4) : metric);
    }

    static String unit(CanaryMetric metric) {
        return switch (metric.name()) {
            case "rum LCP", "rum INP" -> "ms";
            case "rum JS errors" -> "ratio";
            case "rum CLS" -> "score";
            default -> "rate";
        };
    }

    static String note(CanaryMetric metric) {
        return note(
                (metric.isOfKpi()
                                ? "Events for each unit, counted together since each step began; %s is worse, %s tolerated."
                                        .formatted(
                                                metric.worse(),
                                                Words.limit(metric.kpi().deviation()))
                                : "Pages of real users, counted together since each step began.")
                        + (AfterBaseline.concerns(metric) ? LAST : ""),
                metric.critical());
    }

    static String note(String lines, boolean rollsBack) {
        String breach = rollsBack ? "A breach rolls back." : "A breach holds, and does not roll back.";
        return lines.isEmpty() ? breach : lines + " " + breach;
    }

    /** What is missing, and what to do next. */
    static String missing(String metric, CanaryMetric.Kpi kpi) {
        if (kpi != null) {
            return "Nothing has been counted of either version. See that the metrics source answers \"%s\" and \"%s\" for both (kpis of the catalog)."
                    .formatted(kpi.events(), kpi.per());
        }
        if (metric.startsWith("rum ")) {
            return "No page of either version has told anything. See that the pages load web-vitals and send its beacons with their release, and that their origin stands in "
                    + RealUsers.ORIGINS + " of the service.";
        }
        if (metric.startsWith(CanaryMetric.OWN)) {
            return "Nothing has been measured of either version. See that the metric's query finds series in the metrics source, and that they name the version.";
        }
        return metric.startsWith("latency ")
                ? "No duration of a request has been measured. See that the metrics source has a histogram or percentiles of both versions."
                : "No request has been measured. See that the service has traffic and that the metrics source tells its versions apart.";
    }

    static String lower(String sentence) {
        boolean acronym = sentence.length() > 1 && Character.isUpperCase(sentence.charAt(1));
        return sentence.isEmpty() || acronym
                ? sentence
                : sentence.substring(0, 1).toLowerCase(Locale.ROOT) + sentence.substring(1);
    }
}
