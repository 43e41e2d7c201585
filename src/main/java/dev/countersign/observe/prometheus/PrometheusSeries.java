package dev.countersign.observe.prometheus;

import dev.countersign.catalog.Catalog;
import dev.countersign.observe.SeriesSource;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.stereotype.Component;

/** Series of a Prometheus server, by PromQL; all queries are asked at once. */
@Component
@ConditionalOnProperty("countersign.observe.prometheus.url")
class PrometheusSeries implements SeriesSource {
    private static final int WORDS = 120;
    private final PrometheusProperties properties;
    private final PrometheusApi api;
    private final Catalog catalog;
    private final Clock clock;

    PrometheusSeries(PrometheusProperties properties, Catalog catalog, Clock clock) {
        this.properties = properties;
        this.api = new PrometheusApi(properties);
        this.catalog = catalog;
        this.clock = clock;
    }

    @Override
    public boolean serves(String service) {
        return catalog.service(service)
                .map(known -> properties.targets().contains(known.target()))
                .orElse(false);
    }

    @Override
    public List<SortedMap<Instant, Double>> series(List<String> queries, Instant from, Instant to, Duration step)
            throws IOException {
        Instant settled = clock.instant().minus(properties.delay());
        long grid = step.toMillis();
        Instant last =
                Instant.ofEpochMilli(Math.floorDiv((to.isBefore(settled) ? to : settled).toEpochMilli(), grid) * grid);
        Instant first = Instant.ofEpochMilli(Math.floorDiv(from.toEpochMilli(), grid) * grid);
        List<Matrix> answers = api.range(queries, first, last, step);
        List<SortedMap<Instant, Double>> series = new ArrayList<>();
        for (int i = 0; i < queries.size(); i++) {
            List<Matrix.Series> answered = answers.get(i).series();
            if (answered.size() > 1) {
                String query = queries.get(i);
                throw new IOException("Prometheus answered %d series and not one for %s"
                        .formatted(answered.size(), query.length() > WORDS ? query.substring(0, WORDS) + "…" : query));
            }
            series.add(answered.isEmpty() ? new TreeMap<>() : answered.get(0).points());
        }
        return series;
    }
}
