package dev.countersign.observe.prometheus;

import dev.countersign.catalog.Catalog;
import dev.countersign.catalog.Slo;
import dev.countersign.observe.MetricsSource;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.stereotype.Component;

/**
 * Measures services with Prometheus: two queries for each service and interval, whatever the number of its versions and of the releases that watch it, and each minute
 * one batch of the queries of its objectives. Intervals lie on
 * the clock's grid, so that every node and every repetition sees the same ones.
 */
@Component
@ConditionalOnProperty("countersign.observe.prometheus.url")
class PrometheusSource implements MetricsSource {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration WEEK = Duration.ofDays(7);
    private static final int WEEKS = 4;
    private final PrometheusProperties properties;
    private final PrometheusApi api;
    private final Catalog catalog;
    private final Clock clock;
    private final ObjectiveTallies tallies;
    private final Map<String, Answered> latest = new ConcurrentHashMap<>();

    PrometheusSource(PrometheusProperties properties, Catalog catalog, Clock clock) {
        this.properties = properties;
        this.api = new PrometheusApi(properties);
        this.tallies = new ObjectiveTallies(api, properties.objectivesInterval(), properties.versionLabel());
        this.catalog = catalog;
        this.clock = clock;
    }

    /** What was answered last for the intervals that were evaluated from first to last. */
    private record Answered(Instant first, Instant last, List<Query> queries, Batch batch) {}

    @Override
    public boolean serves(String service) {
        return catalog.service(service)
                .map(known -> properties.targets().contains(known.target()))
                .orElse(false);
    }

    @Override
    public Pace pace() {
        return new Pace(properties.interval(), properties.delay());
    }

    @Override
    public boolean asksObjectives() {
        return true;
    }

    @Override
    public Duration objectivesInterval() {
        return properties.objectivesInterval();
    }

    @Override
    public List<Tally> objectives(String service, List<Ask> asked, Instant to) throws IOException {
        Instant settled = clock.instant().minus(properties.delay());
        return tallies.of(asked, to.isBefore(settled) ? to : settled);
    }

    /** What is not final yet is not asked for; what is left is asked once, over all of it. */
    @Override
    public List<Tally> objectivesOver(String service, List<Slo> objectives, Instant from, Instant to)
            throws IOException {
        Instant settled = clock.instant().minus(properties.delay());
        Instant end = to.isBefore(settled) ? to : settled;
        Duration over = Duration.between(from, end).truncatedTo(ChronoUnit.MILLIS);
        if (over.compareTo(properties.interval()) < 0) {
            throw new IOException(
                    "Too little has been measured since %s to tell how objectives are held".formatted(from));
        }
        return new ObjectiveTallies(api, over, properties.versionLabel())
                .at(objectives, end.truncatedTo(ChronoUnit.MILLIS));
    }

    @Override
    public List<Sample> requests(String service, Instant from, Instant to) throws IOException {
        return measure(service, List.of(), from, to).samples();
    }

    /** Two queries for the requests, two for each business figure and one for each value; the values after all others. */
    @Override
    public Batch measure(String service, List<Query> queries, Instant from, Instant to) throws IOException {
        Instant settled = clock.instant().minus(properties.delay());
        long step = properties.interval().toMillis();
        Instant first = Instant.ofEpochMilli(step - Math.floorDiv(-from.toEpochMilli(), step) * step);
        Instant last =
                Instant.ofEpochMilli(Math.floorDiv((to.isBefore(settled) ? to : settled).toEpochMilli(), step) * step);
        if (last.isBefore(first)) {
            return new Batch(List.of(), List.of());
        }
        Answered known = latest.get(service);
        if (known != null
                && known.first().equals(first)
                && known.last().equals(last)
                && known.queries().equals(queries)) {
            return known.batch();
        }
        PrometheusBatch asked = new PrometheusBatch(properties, first, last);
        asked.add(query(properties.requests(), service));
        asked.add(query(properties.latencies(), service));
        List<Query> figures = queries.stream().filter(query -> !query.isValue()).toList();
        for (Query query : figures) {
            asked.add(figure(query.events(), service, properties.interval()));
            asked.add(figure(query.per(), service, properties.interval()));
        }
        queries.stream().filter(Query::isValue).forEach(asked::add);
        asked.ask(api);
        List<Matrix> answers = asked.counts();
        Measured measured = new Measured(properties);
        List<Sample> samples = measured.samples(answers.get(0), answers.get(1));
        List<Counted> counted = new ArrayList<>();
        for (int index = 0; index < figures.size(); index++) {
            counted.addAll(
                    measured.counted(figures.get(index), answers.get(2 * index + 2), answers.get(2 * index + 3)));
        }
        Map<Query, List<Valued>> values = asked.values();
        Batch batch = new Batch(
                samples, counted, values.values().stream().flatMap(List::stream).toList(), values.keySet());
        // What came late is asked for again at once; what is there need not be asked for before the next interval ends.
        Duration interval = properties.interval();
        if (samples.stream().anyMatch(sample -> sample.at().plus(interval).equals(last))) {
            latest.put(service, new Answered(first, last, queries, batch));
        }
        return batch;
    }

    /** The same hour of each of the last four weeks, by one range query over its ends for each count. */
    @Override
    public Map<Query, List<Double>> seasons(String service, List<Query> queries, Instant hour) throws IOException {
        Instant end = hour.plus(HOUR);
        List<String> asked = new ArrayList<>();
        for (Query query : queries) {
            asked.add(figure(query.events(), service, HOUR));
            asked.add(figure(query.per(), service, HOUR));
        }
        List<Matrix> answers = api.range(asked, end.minus(WEEK.multipliedBy(WEEKS)), end.minus(WEEK), WEEK);
        Map<Query, List<Double>> seasons = new HashMap<>();
        for (int index = 0; index < queries.size(); index++) {
            Map<Instant, Double> events = Measured.sums(answers.get(2 * index));
            Map<Instant, Double> per = Measured.sums(answers.get(2 * index + 1));
            List<Double> weeks = new ArrayList<>();
            for (int week = 1; week <= WEEKS; week++) {
                Instant at = end.minus(WEEK.multipliedBy(week));
                double units = per.getOrDefault(at, 0.0);
                // No series of events is no answer: a figure that is misspelt would be zero, for ever.
                if (units > 0 && events.containsKey(at)) {
                    weeks.add(events.get(at) / units);
                }
            }
            seasons.put(queries.get(index), weeks);
        }
        return seasons;
    }

    private static String figure(String template, String service, Duration interval) throws IOException {
        if (!template.contains("[$interval]")) {
            throw new IOException("A business figure's query must count over [$interval]: " + template);
        }
        return filled(template, service, interval);
    }

    private String query(String template, String service) {
        return filled(template, service, properties.interval());
    }

    private static String filled(String template, String service, Duration interval) {
        String value = service.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
        return template.replace("$interval", interval.toMillis() + "ms").replace("$service", value);
    }
}
