package dev.countersign.observe.prometheus;

import dev.countersign.catalog.Catalog;
import dev.countersign.observe.MetricsSource;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
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
    private final PrometheusProperties properties;
    private final PrometheusApi api;
    private final Catalog catalog;
    private final Clock clock;
    private final ObjectiveTallies tallies;
    private final Map<String, Answered> latest = new ConcurrentHashMap<>();

    PrometheusSource(PrometheusProperties properties, Catalog catalog, Clock clock) {
        this.properties = properties;
        this.api = new PrometheusApi(properties);
        this.tallies = new ObjectiveTallies(api, properties.objectivesInterval());
        this.catalog = catalog;
        this.clock = clock;
    }

    /** What was answered last for the intervals that were evaluated from first to last. */
    private record Answered(Instant first, Instant last, List<Sample> samples) {}

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

    @Override
    public List<Sample> requests(String service, Instant from, Instant to) throws IOException {
        Instant settled = clock.instant().minus(properties.delay());
        long step = properties.interval().toMillis();
        Instant first = Instant.ofEpochMilli(step - Math.floorDiv(-from.toEpochMilli(), step) * step);
        Instant last =
                Instant.ofEpochMilli(Math.floorDiv((to.isBefore(settled) ? to : settled).toEpochMilli(), step) * step);
        if (last.isBefore(first)) {
            return List.of();
        }
        Answered known = latest.get(service);
        if (known != null && known.first().equals(first) && known.last().equals(last)) {
            return known.samples();
        }
        List<Matrix> answers = api.range(
                List.of(query(properties.requests(), service), query(properties.latencies(), service)), first, last);
        List<Sample> samples = new Measured(properties).samples(answers.get(0), answers.get(1));
        // What came late is asked for again at once; what is there need not be asked for before the next interval ends.
        Duration interval = properties.interval();
        if (samples.stream().anyMatch(sample -> sample.at().plus(interval).equals(last))) {
            latest.put(service, new Answered(first, last, samples));
        }
        return samples;
    }

    private String query(String template, String service) {
        String value = service.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
        return template.replace("$interval", properties.interval().toMillis() + "ms")
                .replace("$service", value);
    }
}
