package dev.countersign.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.catalog.Catalog.Problem;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * What an objective measures. The label or annotation {@value #SLI}, at the SLO or at the indicator, says what it speaks of; without
 * one a ratio of good to total is an availability and a ratio of bad to total an error rate. What a threshold metric or a histogram's bucket speaks of nobody can guess:
 * such an objective is counted by its own queries, and is none of the three.
 */
record Indicator(String kind, Double thresholdMs, Map<String, String> queries, Slo.Source source) {
    static final String SLI = "countersign.dev/sli";

    /** For a latency told as a ratio of fast to all requests: what counts as fast. */
    static final String THRESHOLD_MS = "countersign.dev/threshold-ms";

    /** Unit of a threshold metric's value, {@code ms} or {@code s}; OpenSLO has none. */
    static final String UNIT = "countersign.dev/unit";

    static final String UNSPECIFIED = "unspecified";
    private static final Pattern BUCKET = Pattern.compile("\\ble\\s*=~?\\s*[\"'`]|_bucket\\b");
    private static final List<String> KINDS = List.of("availability", "latency", "errors");

    /** Where an indicator is written: in the SLO, in one of its objectives, or in a document of kind SLI. */
    private record Source(YamlDocument document, String metadata, String spec) {
        boolean has(String member) {
            return document.has(spec + "/" + member);
        }
    }

    static Indicator of(
            YamlDocument slo, String objective, Map<String, YamlDocument> indicators, Consumer<Problem> problems) {
        Source source = source(slo, objective, indicators);
        if (source == null) {
            String pointer = reference(slo, objective);
            problems.accept(slo.problem(
                    pointer, "No file describes the SLI `" + slo.text(pointer) + "`; without it nothing is measured"));
            String kind = said(slo, null, SLI);
            return new Indicator(
                    kind == null ? UNSPECIFIED : kind,
                    null,
                    Map.of(),
                    new Slo.Source(
                            null,
                            null,
                            null,
                            null,
                            null,
                            Map.of(),
                            IndicatorSource.at(slo, pointer) + " names an SLI that no file describes"));
        }
        boolean threshold = source.has("thresholdMetric");
        String ratio = source.has("ratioMetrics") ? "ratioMetrics" : "ratioMetric";
        if (threshold == source.has(ratio)) {
            throw source.document()
                    .broken(source.spec(), "An indicator has either a `ratioMetric` or a `thresholdMetric`");
        }
        IndicatorSource asked = new IndicatorSource(
                source.document(),
                source.spec() + "/" + (threshold ? "thresholdMetric" : ratio),
                threshold,
                indicators,
                problems);
        String kind = said(slo, source, SLI);
        if (kind == null) {
            kind = threshold
                            || asked.queries().values().stream()
                                    .anyMatch(query -> BUCKET.matcher(query).find())
                    ? UNSPECIFIED
                    : source.has(ratio + "/bad") ? "errors" : "availability";
        }
        Double thresholdMs = threshold ? bound(slo, objective, source) : fast(slo, source);
        if (!threshold && kind.equals("latency") && thresholdMs == null) {
            throw slo.broken(
                    "/metadata", "A latency told as a ratio names `" + THRESHOLD_MS + "`, the bound of a fast request");
        }
        return new Indicator(
                kind, kind.equals("latency") ? thresholdMs : null, asked.queries(), asked.read(slo, objective));
    }

    private static Source source(YamlDocument slo, String objective, Map<String, YamlDocument> indicators) {
        for (String inline : List.of(objective + "/indicator", "/spec/indicator")) {
            if (slo.has(inline)) {
                return new Source(slo, inline + "/metadata", inline + "/spec");
            }
        }
        // v1alpha writes the metrics into the objective.
        if (slo.has(objective + "/ratioMetrics")) {
            return new Source(slo, "/metadata", objective);
        }
        YamlDocument indicator = indicators.get(slo.required(reference(slo, objective)));
        return indicator == null ? null : new Source(indicator, "/metadata", "/spec");
    }

    private static String reference(YamlDocument slo, String objective) {
        String own = objective + "/indicatorRef";
        if (slo.has(own) || slo.has("/spec/indicatorRef")) {
            return slo.has(own) ? own : "/spec/indicatorRef";
        }
        throw slo.broken("/spec", "An SLO has an `indicator` or an `indicatorRef`");
    }

    /** A label or annotation of the SLO, else of the indicator; checked where it names the kind. */
    private static String said(YamlDocument slo, Source source, String name) {
        String said = label(slo, "/metadata", name);
        return said != null || source == null ? said : label(source.document(), source.metadata(), name);
    }

    private static String label(YamlDocument document, String metadata, String name) {
        for (String where : List.of("labels", "annotations")) {
            String pointer = metadata + "/" + where + "/" + YamlDocument.escaped(name);
            // OpenSLO allows a label to be a list.
            String at = document.content().at(pointer).isArray() ? pointer + "/0" : pointer;
            String said = document.text(at);
            if (said != null) {
                if (name.equals(SLI) && !KINDS.contains(said)) {
                    throw document.broken(at, "`" + said + "` is none of " + String.join(", ", KINDS));
                }
                return said;
            }
        }
        return null;
    }

    private static Double bound(YamlDocument slo, String objective, Source source) {
        String op = slo.required(objective + "/op");
        JsonNode value = slo.content().at(objective + "/value");
        if (!value.isNumber()) {
            throw slo.broken(objective + "/value", "`value` must be a number: the bound of the threshold metric");
        }
        String unit = said(slo, source, UNIT);
        if (unit != null && !List.of("ms", "s").contains(unit)) {
            throw slo.broken("/metadata", "`" + UNIT + "` is `ms` or `s`, not `" + unit + "`");
        }
        if (unit == null || !List.of("lt", "lte").contains(op)) {
            // Its own query is held against its own value; what that is in milliseconds of a request is not guessed.
            return null;
        }
        return "s".equals(unit) ? value.asDouble() * 1_000 : value.asDouble();
    }

    private static Double fast(YamlDocument slo, Source source) {
        String said = said(slo, source, THRESHOLD_MS);
        try {
            return said == null ? null : Double.valueOf(said);
        } catch (NumberFormatException e) {
            throw slo.broken(
                    "/metadata", "`" + THRESHOLD_MS + "` must be a number of milliseconds, not `" + said + "`");
        }
    }
}
