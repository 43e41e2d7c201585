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
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts objectives by their own queries: one batch a service, a query that two of them share once. Where each query of an objective answers by version, it is told for each
 * version too.
 */
final class ObjectiveTallies {
    private static final Logger LOG = LoggerFactory.getLogger(ObjectiveTallies.class);

    /** Prometheus refuses more than 11 000; what is older is asked for next time. */
    private static final int MOST_POINTS = 5_000;

    /** Increases are extrapolated, each for itself: a little more good than all is all good. */
    private static final double MORE_THAN_ALL = 1.05;

    private final PrometheusApi api;
    private final Duration interval;
    private final String versionLabel;

    ObjectiveTallies(PrometheusApi api, Duration interval, String versionLabel) {
        this.api = api;
        this.interval = interval;
        this.versionLabel = versionLabel;
    }

    private record Asked(Slo slo, Instant from, Instant until, Map<String, Query> queries, String trouble) {}

    /** One part of an indicator. @param trouble why the whole cannot be told, though versions can */
    private record Part(
            SortedMap<Instant, Double> whole, Map<String, SortedMap<Instant, Double>> byVersion, IOException trouble) {}

    /** @param settled measurements from then on are not final */
    List<Tally> of(List<Ask> objectives, Instant settled) throws IOException {
        return ask(objectives.stream().map(ask -> asked(ask, settled)).toList());
    }

    /** Over the one interval that ends then. */
    List<Tally> at(List<Slo> objectives, Instant end) throws IOException {
        return ask(objectives.stream().map(slo -> asked(slo, end)).toList());
    }

    private List<Tally> ask(List<Asked> asked) throws IOException {
        List<Query> queries =
                asked.stream().flatMap(each -> each.queries().values().stream()).toList();
        Map<Query, Answer> answers = queries.isEmpty() ? Map.of() : api.ask(queries);
        return asked.stream().map(each -> tally(each, answers)).toList();
    }

    private Asked asked(Slo slo, Instant end) {
        ObjectiveQueries promql = ObjectiveQueries.of(slo, interval, versionLabel);
        Map<String, Query> queries = new LinkedHashMap<>();
        promql.promql().forEach((part, text) -> queries.put(part, Query.instant(text, end, kind(slo))));
        return new Asked(slo, end.minus(interval), end, queries, promql.trouble());
    }

    private static Query.Kind kind(Slo slo) {
        return "ratio".equals(slo.source().shape()) ? Query.Kind.COUNT : Query.Kind.VALUE;
    }

    private Asked asked(Ask ask, Instant settled) {
        Slo slo = ask.slo();
        ObjectiveQueries promql = ObjectiveQueries.of(slo, interval, versionLabel);
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
            Query.Kind kind = kind(slo);
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
        Map<String, Part> parts = new TreeMap<>();
        for (Map.Entry<String, Query> part : asked.queries().entrySet()) {
            try {
                parts.put(
                        part.getKey(),
                        part(part.getKey(), answers.get(part.getValue()).get()));
            } catch (IOException trouble) {
                return new Tally(asked.slo().name(), List.of(), null, trouble.getMessage());
            }
        }
        Map<String, List<Events>> byVersion = byVersion(asked.slo(), parts);
        Map<String, SortedMap<Instant, Double>> wholes = new TreeMap<>();
        try {
            for (Map.Entry<String, Part> part : parts.entrySet()) {
                if (part.getValue().trouble() != null) {
                    throw part.getValue().trouble();
                }
                wholes.put(part.getKey(), part.getValue().whole());
            }
            return new Tally(
                    asked.slo().name(),
                    events(asked.slo(), wholes),
                    asked.until(),
                    absent(wholes),
                    byVersion,
                    quiet(parts, wholes, byVersion.keySet()));
        } catch (IOException trouble) {
            return new Tally(asked.slo().name(), List.of(), null, trouble.getMessage(), byVersion);
        }
    }

    /** A counter of what is bad has no series before the first of it: freshly started instances that are well have none. */
    private static Map<String, Instant> quiet(
            Map<String, Part> parts, Map<String, SortedMap<Instant, Double>> wholes, Set<String> versions) {
        Map<String, Instant> quiet = new TreeMap<>();
        if (wholes.containsKey("bad") && wholes.containsKey("total")) {
            quiet(wholes.get("total"), wholes.get("bad")).ifPresent(until -> quiet.put(Tally.WHOLE, until));
            for (String version : versions) {
                quiet(
                                parts.get("total").byVersion().get(version),
                                parts.get("bad").byVersion().get(version))
                        .ifPresent(until -> quiet.put(version, until));
            }
        }
        return quiet;
    }

    private static Optional<Instant> quiet(SortedMap<Instant, Double> total, SortedMap<Instant, Double> bad) {
        return total.entrySet().stream()
                .filter(each -> each.getValue() > 0 && !bad.containsKey(each.getKey()))
                .map(Map.Entry::getKey)
                .reduce((earlier, later) -> later);
    }

    private List<Events> events(Slo slo, Map<String, SortedMap<Instant, Double>> parts) throws IOException {
        return switch (slo.source().shape()) {
            case "raw" -> raw(slo.source(), parts.getOrDefault("raw", new TreeMap<>()));
            case "threshold" -> threshold(slo.source(), parts.getOrDefault("threshold", new TreeMap<>()));
            default -> ratio(parts);
        };
    }

    /** Of those versions that each query tells apart; what of one makes no sense is left out. */
    private Map<String, List<Events>> byVersion(Slo slo, Map<String, Part> parts) {
        Set<String> versions = null;
        for (Part part : parts.values()) {
            if (versions == null) {
                versions = new TreeSet<>(part.byVersion().keySet());
            } else {
                versions.retainAll(part.byVersion().keySet());
            }
        }
        Map<String, List<Events>> byVersion = new TreeMap<>();
        for (String version : versions == null ? Set.<String>of() : versions) {
            Map<String, SortedMap<Instant, Double>> of = new TreeMap<>();
            parts.forEach((name, part) -> of.put(name, part.byVersion().get(version)));
            try {
                byVersion.put(version, events(slo, of));
            } catch (IOException senseless) {
                LOG.debug("{} cannot be told for {}: {}", slo.name(), version, senseless.getMessage());
            }
        }
        return byVersion;
    }

    /** Counts of several series add up; of two values none is the one, unless they are of two versions. */
    private Part part(String part, Matrix matrix) throws IOException {
        boolean value = part.equals("raw") || part.equals("threshold");
        SortedMap<Instant, Double> whole = new TreeMap<>();
        Map<String, SortedMap<Instant, Double>> byVersion = new TreeMap<>();
        Set<String> twice = new TreeSet<>();
        for (Matrix.Series series : matrix.series()) {
            if (!series.histograms().isEmpty()) {
                throw new IOException(
                        "The query for `%s` answers with a native histogram and no number".formatted(part));
            }
            series.points().forEach((at, number) -> whole.merge(at, number, Double::sum));
            String label = series.labels().get(versionLabel);
            if (label != null && !label.isEmpty()) {
                String version = Measured.digest(label);
                if (value && byVersion.containsKey(version)) {
                    twice.add(version);
                }
                SortedMap<Instant, Double> points = byVersion.computeIfAbsent(version, digest -> new TreeMap<>());
                series.points().forEach((at, number) -> points.merge(at, number, Double::sum));
            }
        }
        byVersion.keySet().removeAll(twice);
        int several = matrix.series().size();
        return new Part(
                whole,
                byVersion,
                value && several > 1
                        ? new IOException("The query for `%s` answers with %d series; aggregate them to one"
                                .formatted(part, several))
                        : null);
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
