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
    /** What is greater is no figure, and its sums lose what they are compared by. */
    private static final double GREATEST = 1e15;
    /** Of one measurement; labels can have as many values as somebody writes. */
    private static final int MOST = 200;

    private static final int LONGEST_KEY = 300;

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

    /** The measurements with what is known of these versions beside them, and a mark where it is not: what nobody answered is not as if there were no value. */
    static List<Sample> with(Watched watched, Sources.Answer answer) {
        List<CanaryMetric> metrics = own(watched);
        if (metrics.isEmpty()) {
            return answer.samples();
        }
        Map<Query, Map<Instant, List<Valued>>> known = answer.valued().stream()
                .collect(Collectors.groupingBy(Valued::query, Collectors.groupingBy(Valued::at)));
        return answer.samples().stream()
                .map(sample -> isWatched(watched, sample) ? sample.with(of(sample, metrics, known, answer)) : sample)
                .toList();
    }

    private static boolean isWatched(Watched watched, Sample sample) {
        return sample.version().equals(watched.order().candidate())
                || sample.version().equals(watched.order().baseline());
    }

    private static Map<String, Double> of(
            Sample sample,
            List<CanaryMetric> metrics,
            Map<Query, Map<Instant, List<Valued>>> known,
            Sources.Answer answer) {
        Map<String, Double> all = new HashMap<>();
        for (CanaryMetric metric : metrics) {
            Query query = query(metric, sample.version());
            Map<String, Double> told = answer.answered().contains(query)
                    ? told(metric, known.getOrDefault(query, Map.of()).getOrDefault(sample.at(), List.of()))
                    : null;
            if (told == null || all.size() + told.size() > MOST) {
                all.put(ValueKeys.unknown(metric), 0.0);
            } else {
                all.putAll(told);
            }
        }
        return all;
    }

    /** Told apart by the labels that the metric names and by no others: a version or an instance in them would never find its like. Null where that does not tell which is which. */
    private static Map<String, Double> told(CanaryMetric metric, List<Valued> values) {
        Map<String, Double> told = new HashMap<>();
        for (Valued each : values) {
            Map<String, String> labels = new HashMap<>(each.labels());
            labels.keySet().retainAll(metric.own().labels());
            String key = ValueKeys.key(metric, labels);
            boolean number = Math.abs(each.value()) <= GREATEST;
            if (!number || key.length() > LONGEST_KEY || told.put(key, each.value()) != null) {
                return null;
            }
        }
        return told;
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
