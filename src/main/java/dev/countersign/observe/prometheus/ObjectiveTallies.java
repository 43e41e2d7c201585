package dev.countersign.observe.prometheus;

import dev.countersign.catalog.Slo;
import dev.countersign.observe.MetricsSource.Ask;
import dev.countersign.observe.MetricsSource.Events;
import dev.countersign.observe.MetricsSource.Tally;
import dev.countersign.observe.prometheus.PrometheusApi.Answer;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Counts objectives by their own queries: one batch a service, a query that two of them share once. */
final class ObjectiveTallies {
    /** Prometheus refuses more than 11 000; what is older is asked for next time. */
    private static final int MOST_POINTS = 5_000;

    /** Increases are extrapolated, each for itself: a little more good than all is all good. */
    private static final double MORE_THAN_ALL = 1.05;

    private final PrometheusApi api;
    private final Duration interval;

    ObjectiveTallies(PrometheusApi api, Duration interval) {
        this.api = api;
        this.interval = interval;
    }

    private record Asked(Slo slo, Instant from, Instant until, Map<String, Query> queries, String trouble) {}

    /** @param settled measurements from then on are not final */
    List<Tally> of(List<Ask> objectives, Instant settled) throws IOException {
        List<Asked> asked = objectives.stream().map(ask -> asked(ask, settled)).toList();
        List<Query> queries =
                asked.stream().flatMap(each -> each.queries().values().stream()).toList();
        Map<Query, Answer> answers = queries.isEmpty() ? Map.of() : api.ask(queries);
        return asked.stream().map(each -> tally(each, answers)).toList();
    }

    private Asked asked(Ask ask, Instant settled) {
        Slo slo = ask.slo();
        ObjectiveQueries promql = ObjectiveQueries.of(slo, interval);
        long slice = slo.timeSliceWindow() == null
                ? interval.toMillis()
                : slo.timeSliceWindow().toMillis();
        if (slice % interval.toMillis() != 0) {
            return new Asked(
                    slo,
                    ask.from(),
                    null,
                    Map.of(),
                    "Its slices of %d s are no multiple of the interval of %d s in which objectives are counted here"
                            .formatted(slice / 1000, interval.toSeconds()));
        }
        if (promql.trouble() != null) {
            return new Asked(slo, ask.from(), null, Map.of(), promql.trouble());
        }
        long most = Math.max(1, MOST_POINTS * interval.toMillis() / slice);
        long from = Math.floorDiv(ask.from().toEpochMilli() + slice - 1, slice) * slice;
        long whole = Math.floorDiv(settled.toEpochMilli(), slice) * slice;
        long until = Math.max(from, Math.min(whole, from + most * slice));
        Map<String, Query> queries = new LinkedHashMap<>();
        if (until > from) {
            Query.Kind kind = "ratio".equals(slo.source().shape()) ? Query.Kind.COUNT : Query.Kind.VALUE;
            Instant first = Instant.ofEpochMilli(from).plus(interval);
            Instant last = Instant.ofEpochMilli(until);
            // Once it has caught up there is one interval at a time.
            promql.promql()
                    .forEach((part, text) -> queries.put(
                            part,
                            first.equals(last)
                                    ? Query.instant(text, last, kind)
                                    : Query.range(text, first, last, interval, kind)));
        }
        return new Asked(slo, Instant.ofEpochMilli(from), Instant.ofEpochMilli(until), queries, null);
    }

    private Tally tally(Asked asked, Map<Query, Answer> answers) {
        if (asked.trouble() != null) {
            return new Tally(asked.slo().name(), List.of(), null, asked.trouble());
        }
        Map<String, SortedMap<Instant, Double>> parts = new TreeMap<>();
        for (Map.Entry<String, Query> part : asked.queries().entrySet()) {
            try {
                parts.put(
                        part.getKey(),
                        points(part.getKey(), answers.get(part.getValue()).get()));
            } catch (IOException trouble) {
                return new Tally(asked.slo().name(), List.of(), null, trouble.getMessage());
            }
        }
        try {
            List<Events> events =
                    switch (asked.slo().source().shape()) {
                        case "raw" -> raw(asked.slo().source(), parts.getOrDefault("raw", new TreeMap<>()));
                        case "threshold" ->
                            threshold(asked.slo().source(), parts.getOrDefault("threshold", new TreeMap<>()));
                        default -> ratio(parts);
                    };
            return new Tally(asked.slo().name(), events, asked.until(), absent(parts));
        } catch (IOException trouble) {
            return new Tally(asked.slo().name(), List.of(), null, trouble.getMessage());
        }
    }

    /** Counts of several series add up; of two values none is the one. */
    private static SortedMap<Instant, Double> points(String part, Matrix matrix) throws IOException {
        boolean value = part.equals("raw") || part.equals("threshold");
        if (value && matrix.series().size() > 1) {
            throw new IOException("The query for `%s` answers with %d series; aggregate them to one"
                    .formatted(part, matrix.series().size()));
        }
        SortedMap<Instant, Double> points = new TreeMap<>();
        for (Matrix.Series series : matrix.series()) {
            if (!series.histograms().isEmpty()) {
                throw new IOException(
                        "The query for `%s` answers with a native histogram and no number".formatted(part));
            }
            series.points().forEach((at, number) -> points.merge(at, number, Double::sum));
        }
        return points;
    }

    /** What a query finds no series for is said, though the others have some. */
    private static String absent(Map<String, SortedMap<Instant, Double>> parts) {
        boolean any = parts.values().stream().anyMatch(points -> !points.isEmpty());
        return parts.entrySet().stream()
                .filter(part -> any && part.getValue().isEmpty())
                .map(part -> "The query for `%s` finds no series".formatted(part.getKey()))
                .findFirst()
                .orElse(null);
    }

    private List<Events> ratio(Map<String, SortedMap<Instant, Double>> parts) throws IOException {
        SortedMap<Instant, Double> total = parts.getOrDefault("total", new TreeMap<>());
        List<Events> events = new ArrayList<>();
        boolean countsBad = !parts.containsKey("good");
        SortedMap<Instant, Double> counted = parts.getOrDefault(countsBad ? "bad" : "good", new TreeMap<>());
        for (Map.Entry<Instant, Double> each : total.entrySet()) {
            double all = each.getValue();
            Double part = counted.get(each.getKey());
            if (part == null && countsBad && all > 0) {
                // Nothing bad, or a query that is misspelt: nobody knows.
                continue;
            }
            // Where something happens and nothing good is found, nothing good happened.
            double some = part == null ? 0 : part;
            if (some > all * MORE_THAN_ALL + 1) {
                throw new IOException("At %s the query for `%s` counts %s of %s"
                        .formatted(each.getKey(), countsBad ? "bad" : "good", some, all));
            }
            double good = countsBad ? all - Math.min(some, all) : Math.min(some, all);
            events.add(new Events(each.getKey().minus(interval), good, all));
        }
        return events;
    }

    private List<Events> raw(Slo.Source source, SortedMap<Instant, Double> values) throws IOException {
        List<Events> events = new ArrayList<>();
        for (Map.Entry<Instant, Double> each : values.entrySet()) {
            double value = each.getValue();
            if (value < 0 || value > 1) {
                throw new IOException(
                        "At %s the query for `raw` answers with %s, which is no ratio".formatted(each.getKey(), value));
            }
            events.add(new Events(
                    each.getKey().minus(interval), "failure".equals(source.rawType()) ? 1 - value : value, 1));
        }
        return events;
    }

    private List<Events> threshold(Slo.Source source, SortedMap<Instant, Double> values) throws IOException {
        if (source.value() == null || source.op() == null) {
            throw new IOException("Its objective names no `op` and `value` for the threshold");
        }
        List<Events> events = new ArrayList<>();
        values.forEach((at, value) ->
                events.add(new Events(at.minus(interval), holds(source.op(), value, source.value()) ? 1 : 0, 1)));
        return events;
    }

    private static boolean holds(String op, double value, double bound) {
        return switch (op) {
            case "lt" -> value < bound;
            case "lte" -> value <= bound;
            case "gt" -> value > bound;
            case "gte" -> value >= bound;
            default -> false;
        };
    }
}
