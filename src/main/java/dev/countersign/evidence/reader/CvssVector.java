package dev.countersign.evidence.reader;

import java.util.HashMap;
import java.util.Map;

/**
 * The base score of a vector of CVSS 3 (specification of 3.1, sections 7.1 and 7.4) or 2 (section 3.2.1), for tools that write the vector only. That of CVSS 4
 * is looked up in a table that is not kept here.
 */
final class CvssVector {
    private static final Map<String, Double> THREE = Map.ofEntries(
            Map.entry("AV:N", 0.85),
            Map.entry("AV:A", 0.62),
            Map.entry("AV:L", 0.55),
            Map.entry("AV:P", 0.2),
            Map.entry("AC:L", 0.77),
            Map.entry("AC:H", 0.44),
            Map.entry("PR:N", 0.85),
            Map.entry("PR:L", 0.62),
            Map.entry("PR:H", 0.27),
            Map.entry("UI:N", 0.85),
            Map.entry("UI:R", 0.62));
    private static final Map<String, Double> THREE_IMPACT = Map.of("H", 0.56, "L", 0.22, "N", 0.0);
    private static final Map<String, Double> TWO = Map.ofEntries(
            Map.entry("AV:N", 1.0),
            Map.entry("AV:A", 0.646),
            Map.entry("AV:L", 0.395),
            Map.entry("AC:L", 0.71),
            Map.entry("AC:M", 0.61),
            Map.entry("AC:H", 0.35),
            Map.entry("Au:N", 0.704),
            Map.entry("Au:S", 0.56),
            Map.entry("Au:M", 0.45));
    private static final Map<String, Double> TWO_IMPACT = Map.of("C", 0.66, "P", 0.275, "N", 0.0);

    private final Map<String, String> metrics = new HashMap<>();

    private CvssVector(String vector) {
        for (String metric : vector.split("/")) {
            int colon = metric.indexOf(':');
            if (colon > 0) {
                metrics.putIfAbsent(metric.substring(0, colon), metric.substring(colon + 1));
            }
        }
    }

    /** Unknown where a metric is missing, or the version is another. */
    static Severity severity(String vector) {
        if (vector == null) {
            return Severity.UNKNOWN;
        }
        CvssVector read = new CvssVector(vector);
        String version = read.metrics.get("CVSS");
        if (read.metrics.containsKey("Au") && version == null) {
            Severity band = Severity.ofScore(read.two());
            return band == Severity.CRITICAL ? Severity.HIGH : band;
        }
        return version == null || version.startsWith("3.") ? Severity.ofScore(read.three()) : Severity.UNKNOWN;
    }

    private double three() {
        boolean changes = "C".equals(metrics.get("S"));
        double privileges = changes && "L".equals(metrics.get("PR"))
                ? 0.68
                : changes && "H".equals(metrics.get("PR")) ? 0.5 : weight(THREE, "PR");
        double reached = 8.22 * weight(THREE, "AV") * weight(THREE, "AC") * privileges * weight(THREE, "UI");
        double lost = lost(THREE_IMPACT);
        double impact = changes ? 7.52 * (lost - 0.029) - 3.25 * Math.pow(lost - 0.02, 15) : 6.42 * lost;
        return impact <= 0 ? 0 : roundedUp(Math.min(10, (changes ? 1.08 : 1) * (impact + reached)));
    }

    private double two() {
        double impact = 10.41 * lost(TWO_IMPACT);
        double reached = 20 * weight(TWO, "AV") * weight(TWO, "AC") * weight(TWO, "Au");
        return impact <= 0 ? 0 : Math.round((0.6 * impact + 0.4 * reached - 1.5) * 1.176 * 10) / 10.0;
    }

    private double lost(Map<String, Double> weights) {
        return 1 - (1 - lost(weights, "C")) * (1 - lost(weights, "I")) * (1 - lost(weights, "A"));
    }

    private double lost(Map<String, Double> weights, String metric) {
        return weights.getOrDefault(String.valueOf(metrics.get(metric)), Double.NaN);
    }

    /** A metric that is missing makes the score no number, and the severity unknown. */
    private double weight(Map<String, Double> weights, String metric) {
        return weights.getOrDefault(metric + ":" + metrics.get(metric), Double.NaN);
    }

    private static double roundedUp(double score) {
        if (Double.isNaN(score)) {
            return score;
        }
        long fine = Math.round(score * 100_000);
        return fine % 10_000 == 0 ? fine / 100_000.0 : (fine / 10_000 + 1) / 10.0;
    }
}
