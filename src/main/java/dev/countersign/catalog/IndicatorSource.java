package dev.countersign.catalog;

import dev.countersign.catalog.Catalog.Problem;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Where an indicator's numbers come from: its queries, and whether a system that is asked here understands them. What is not understood is a problem with its place, and
 * its objective is not measured. Addresses in a {@code DataSource} are not used: operators name the systems that are asked.
 *
 * @param metric pointer of the ratio or threshold metric
 */
record IndicatorSource(
        YamlDocument document,
        String metric,
        boolean threshold,
        Map<String, YamlDocument> documents,
        Consumer<Problem> problems) {
    private static final List<String> OPERATORS = List.of("lt", "lte", "gt", "gte");

    /** Pointers of the metrics by the part they are. */
    private Map<String, String> parts() {
        Map<String, String> parts = new LinkedHashMap<>();
        if (threshold) {
            parts.put("threshold", metric);
        } else {
            for (String part : List.of("good", "bad", "total", "raw")) {
                if (document.has(metric + "/" + part)) {
                    parts.put(part, metric + "/" + part);
                }
            }
        }
        return parts;
    }

    Map<String, String> queries() {
        Map<String, String> queries = new LinkedHashMap<>();
        parts().forEach((part, pointer) -> {
            String query = document.text(query(pointer));
            if (query != null) {
                queries.put(part, query);
            }
        });
        return queries;
    }

    private String query(String pointer) {
        String within = pointer + "/metricSource/spec/query";
        // v1alpha has it in the metric itself.
        return document.has(within) ? within : pointer + "/query";
    }

    Slo.Source read(YamlDocument slo, String objective) {
        Map<String, String> places = new LinkedHashMap<>();
        parts().forEach((part, pointer) -> places.put(part, at(document, query(pointer))));
        boolean raw = !threshold && document.has(metric + "/raw");
        Double value = threshold && slo.content().at(objective + "/value").isNumber()
                ? Double.valueOf(slo.content().at(objective + "/value").asDouble())
                : null;
        return new Slo.Source(
                threshold ? "threshold" : raw ? "raw" : "ratio",
                document.has(metric + "/counter") ? Boolean.valueOf(document.text(metric + "/counter")) : null,
                document.text(metric + "/rawType"),
                threshold ? slo.text(objective + "/op") : null,
                value,
                Map.copyOf(places),
                unread(slo, objective, raw));
    }

    private String unread(YamlDocument slo, String objective, boolean raw) {
        for (String pointer : parts().values()) {
            String unread = unread(pointer);
            if (unread != null) {
                return unread;
            }
        }
        if (threshold) {
            String op = slo.text(objective + "/op");
            return OPERATORS.contains(op == null ? "" : op)
                    ? null
                    : said(slo, objective, "`op` must be one of " + String.join(", ", OPERATORS));
        }
        if (raw) {
            return List.of("success", "failure").contains(String.valueOf(document.text(metric + "/rawType")))
                    ? null
                    : said(document, metric, "A raw ratio says by `rawType` whether it is `success` or `failure`");
        }
        boolean whole =
                document.has(metric + "/total") && (document.has(metric + "/good") || document.has(metric + "/bad"));
        return whole ? null : said(document, metric, "A ratio has a `total`, and `good` or `bad`");
    }

    private String unread(String pointer) {
        String reference = pointer + "/metricSource/metricSourceRef";
        String type = document.has(pointer + "/metricSource/type")
                ? pointer + "/metricSource/type"
                : pointer + "/source"; // v1alpha
        YamlDocument named =
                document.has(reference) ? documents.get(OpenSlo.DATA_SOURCE + document.text(reference)) : null;
        if (document.has(reference) && named == null) {
            return said(document, reference, "No file describes the DataSource `" + document.text(reference) + "`");
        }
        String said = document.text(type);
        String ofNamed = named == null ? null : named.text("/spec/type");
        if (said != null && ofNamed != null && !said.equalsIgnoreCase(ofNamed)) {
            return said(document, type, "`" + said + "` is not the type of its DataSource, `" + ofNamed + "`");
        }
        String found = said == null ? ofNamed : said;
        if (found != null && !found.equalsIgnoreCase("prometheus")) {
            return said(
                    document,
                    said == null ? reference : type,
                    "A metric source of type `" + found + "` is not read here; Prometheus is");
        }
        return document.text(query(pointer)) == null
                ? said(document, pointer, "`metricSource.spec.query` must be there and be text")
                : null;
    }

    private String said(YamlDocument where, String pointer, String what) {
        problems.accept(where.problem(pointer, what + ". Until then its objective is not measured"));
        return at(where, pointer) + ": " + what;
    }

    static String at(YamlDocument document, String pointer) {
        Place place = document.place(pointer);
        return place == null
                ? document.file()
                : "%s, line %d, column %d".formatted(document.file(), place.line(), place.column());
    }
}
