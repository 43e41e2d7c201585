package dev.countersign.observe;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.countersign.observe.MetricsSource.Query;
import dev.countersign.observe.MetricsSource.Sample;
import dev.countersign.observe.MetricsSource.Valued;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Values of a team's own canary configuration: one query for each metric and version, and each value with the measurement of its version and interval. */
final class Values {
    private static final JsonMapper JSON = new JsonMapper();

    private Values() {}

    /** Empty where nothing serves beside the candidate: then nothing is compared. */
    static List<Query> queries(Watched watched) {
        List<Query> queries = new ArrayList<>();
        own(watched).forEach(metric -> {
            queries.add(query(metric, watched.order().candidate()));
            queries.add(query(metric, watched.order().baseline()));
        });
        return queries;
    }

    private static List<CanaryMetric> own(Watched watched) {
        Observations.Order order = watched.order();
        boolean concurrent = order.baseline() != null && order.share() > 0 && order.share() < 1;
        return concurrent
                ? order.triggers().metrics().stream()
                        .filter(CanaryMetric::isOwn)
                        .toList()
                : List.of();
    }

    /** The version as a regular expression that finds it in each of the forms that a label may have, quoted for PromQL. */
    private static Query query(CanaryMetric metric, String version) {
        String digits = version.startsWith("sha256:") ? version.substring("sha256:".length()) : version;
        String quoted = digits.replaceAll("[^A-Za-z0-9_-]", ".");
        return Query.value(metric.own().query().replace("${digest}", "(.*@)?(sha256:)?" + quoted));
    }

    /** The measurements with what is known of these versions beside them. */
    static List<Sample> with(Watched watched, Sources.Answer answer) {
        List<CanaryMetric> metrics = own(watched);
        if (metrics.isEmpty() || answer.valued().isEmpty()) {
            return answer.samples();
        }
        Map<Query, List<Valued>> known = answer.valued().stream().collect(Collectors.groupingBy(Valued::query));
        Map<String, Map<Instant, Map<String, Double>>> sides = new HashMap<>();
        for (String version :
                List.of(watched.order().candidate(), watched.order().baseline())) {
            Map<Instant, Map<String, Double>> times = sides.computeIfAbsent(version, side -> new HashMap<>());
            for (CanaryMetric metric : metrics) {
                known.getOrDefault(query(metric, version), List.of())
                        .forEach(each -> times.computeIfAbsent(each.at(), at -> new HashMap<>())
                                .put(ValueKeys.key(metric, each.labels()), each.value()));
            }
        }
        return answer.samples().stream()
                .map(sample -> sample.with(
                        sides.getOrDefault(sample.version(), Map.of()).getOrDefault(sample.at(), Map.of())))
                .toList();
    }

    static Map<String, Double> parse(String text) {
        if (text == null) {
            return Map.of();
        }
        try {
            return JSON.readValue(text, new TypeReference<Map<String, Double>>() {});
        } catch (JsonProcessingException damaged) {
            throw new IllegalStateException("The values of a measurement cannot be read: " + text, damaged);
        }
    }
}
