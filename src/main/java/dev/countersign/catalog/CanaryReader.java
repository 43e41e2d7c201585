package dev.countersign.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.catalog.CanaryConfiguration.Effect;
import dev.countersign.catalog.CanaryConfiguration.Metric;
import dev.countersign.catalog.Catalog.Problem;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A canary configuration of Kayenta from JSON, held to the published schema {@value #SCHEMA}. */
final class CanaryReader {
    static final String SCHEMA = "/processes/canaries/canaries.schema.json";
    private static final PublishedSchema RULES =
            PublishedSchema.of(SCHEMA, "A canary configuration describes one service");
    private static final double ALL = 100;
    private static final BigDecimal WHOLE = BigDecimal.valueOf(100);
    private static final Map<String, String> WORSE = Map.of("increase", "more", "decrease", "less", "either", "either");

    private final SourceFile file;
    private final YamlDocument document;
    private final List<Problem> problems = new ArrayList<>();

    private CanaryReader(SourceFile file, YamlDocument document) {
        this.file = file;
        this.document = document;
    }

    static Declaration.Read<CanaryConfiguration> read(SourceFile file) {
        try {
            YamlDocument document = JsonFile.read(file);
            List<Problem> problems = new ArrayList<>(foreign(document));
            if (problems.isEmpty()) {
                problems.addAll(RULES.faults(document));
            }
            if (!problems.isEmpty()) {
                return new Declaration.Read<>(Optional.empty(), List.copyOf(problems));
            }
            CanaryReader reader = new CanaryReader(file, document);
            CanaryConfiguration said = reader.said();
            return new Declaration.Read<>(
                    reader.problems.isEmpty() ? Optional.of(said) : Optional.empty(), List.copyOf(reader.problems));
        } catch (BrokenFile e) {
            return new Declaration.Read<>(Optional.empty(), List.of(e.problem()));
        }
    }

    /** Whose queries are of another kind has other fields too: that is said first, and by its name. */
    private static List<Problem> foreign(YamlDocument document) {
        List<Problem> foreign = new ArrayList<>();
        for (int i = 0; i < document.content().at("/metrics").size(); i++) {
            for (String key : List.of("/query/type", "/query/serviceType")) {
                String type = document.text("/metrics/" + i + key);
                if (type != null && !type.equals("prometheus")) {
                    foreign.add(document.problem(
                            "/metrics/" + i + key,
                            "Queries of `%s` are not read, only of `prometheus`".formatted(type)));
                    break;
                }
            }
        }
        return foreign;
    }

    private CanaryConfiguration said() {
        List<Metric> metrics = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (int i = 0; i < document.content().at("/metrics").size(); i++) {
            String at = "/metrics/" + i;
            if (!names.add(document.text(at + "/name"))) {
                fault(at + "/name", "Two metrics have the name `%s`".formatted(document.text(at + "/name")));
            }
            try {
                metrics.add(metric(at));
            } catch (BrokenFile e) {
                problems.add(e.problem());
            }
        }
        Map<String, Double> weights = weights(metrics);
        double pass = number("/classifier/scoreThresholds/pass", ALL);
        double marginal = number("/classifier/scoreThresholds/marginal", ALL);
        if (marginal > pass) {
            fault("/classifier/scoreThresholds/marginal", "`marginal` must not be over `pass`");
        }
        return new CanaryConfiguration(
                CanaryConfiguration.serviceOf(file.name()),
                file.name(),
                file.digest(),
                metrics,
                weights,
                pass,
                marginal,
                null);
    }

    private Metric metric(String at) {
        String analysis = at + "/analysisConfigurations/canary";
        boolean critical = truth(analysis + "/critical");
        boolean muted = truth(analysis + "/muted");
        if (critical && muted) {
            fault(analysis + "/muted", "What is critical cannot be muted");
        }
        String direction = document.text(analysis + "/direction");
        String effect = analysis + "/effectSize";
        return new Metric(
                document.text(at + "/name"),
                new CanaryQuery(document, at + "/query").promql(),
                document.texts(at + "/query/groupByFields"),
                document.texts(at + "/groups"),
                WORSE.get(direction == null ? "either" : direction),
                "replace".equals(document.text(analysis + "/nanStrategy")),
                critical,
                truth(analysis + "/mustHaveData"),
                muted,
                new Effect(
                        number(effect + "/allowedIncrease", 1),
                        number(effect + "/allowedDecrease", 1),
                        number(effect + "/criticalIncrease", 1),
                        number(effect + "/criticalDecrease", 1)));
    }

    /** A weight that nothing can earn would keep the score down for ever; weights that are more than all would lift it over what passed. */
    private Map<String, Double> weights(List<Metric> metrics) {
        Map<String, Double> weights = new LinkedHashMap<>();
        document.content()
                .at("/classifier/groupWeights")
                .properties()
                .forEach(
                        weight -> weights.put(weight.getKey(), weight.getValue().asDouble()));
        Set<String> groups = new LinkedHashSet<>();
        metrics.stream().filter(metric -> !metric.muted()).forEach(metric -> groups.addAll(metric.groups()));
        String at = "/classifier/groupWeights";
        for (String weighed : weights.keySet()) {
            if (!groups.contains(weighed)) {
                fault(
                        at + "/" + YamlDocument.escaped(weighed),
                        "No metric that counts is in the group `%s`".formatted(weighed));
            }
        }
        // Decimals as they are written: of doubles 33.4, 33.3 and 33.3 are more than 100.
        int sum = weights.values().stream()
                .map(BigDecimal::valueOf)
                .reduce(BigDecimal.ZERO, BigDecimal::add)
                .compareTo(WHOLE);
        boolean whole = weights.keySet().containsAll(groups);
        if (groups.isEmpty()) {
            fault("/metrics", "No metric that counts is in a group: there would be no score");
        } else if (sum > 0 || whole && sum < 0) {
            fault(at, "The weights are %s than 100 together, and not 100".formatted(sum > 0 ? "more" : "less"));
        } else if (!whole && sum == 0) {
            fault(at, "Nothing is left of 100 for groups without a weight: what they say would not count");
        }
        return weights;
    }

    private void fault(String pointer, String message) {
        problems.add(document.problem(pointer, message));
    }

    private boolean truth(String pointer) {
        return document.content().at(pointer).asBoolean(false);
    }

    private double number(String pointer, double otherwise) {
        JsonNode number = document.content().at(pointer);
        return number.isNumber() ? number.asDouble() : otherwise;
    }
}
