package dev.countersign.observe.prometheus;

import dev.countersign.observe.MetricsSource;
import dev.countersign.observe.MetricsSource.Valued;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Queries of one look, asked at once. A count that is not answered leaves nothing of the look; a value of a team's own canary configuration is left out, so that what a team wrote does not
 * blind the platform for errors and latencies.
 */
final class PrometheusBatch {
    private static final Logger LOG = LoggerFactory.getLogger(PrometheusBatch.class);
    private static final String LABEL = "${version}";
    /** Of one query; more are no figures that a person would compare. */
    private static final int MOST_SERIES = 20;

    private final PrometheusProperties properties;
    private final Instant first;
    private final Instant last;
    private final List<Query> counts = new ArrayList<>();
    private final Map<MetricsSource.Query, Query> values = new LinkedHashMap<>();
    private Map<Query, PrometheusApi.Answer> answers = Map.of();

    /** @param last a whole number of intervals after the first */
    PrometheusBatch(PrometheusProperties properties, Instant first, Instant last) {
        this.properties = properties;
        this.first = first;
        this.last = last;
    }

    void add(String count) {
        counts.add(Query.range(count, first, last, properties.interval(), Query.Kind.COUNT));
    }

    void add(MetricsSource.Query value) {
        values.put(
                value,
                Query.range(
                        value.events().replace(LABEL, properties.versionLabel()),
                        first,
                        last,
                        properties.interval(),
                        Query.Kind.VALUE));
    }

    void ask(PrometheusApi api) throws IOException {
        List<Query> all = new ArrayList<>(counts);
        all.addAll(values.values());
        answers = api.ask(all);
    }

    List<Matrix> counts() throws IOException {
        List<Matrix> matrices = new ArrayList<>();
        for (Query count : counts) {
            matrices.add(answers.get(count).get());
        }
        return matrices;
    }

    List<Valued> values() {
        List<Valued> told = new ArrayList<>();
        values.forEach((value, query) -> {
            try {
                List<Matrix.Series> series = answers.get(query).get().series();
                if (series.size() > MOST_SERIES) {
                    throw new IOException(
                            "Prometheus answered %d series, more than %d".formatted(series.size(), MOST_SERIES));
                }
                series.forEach(each -> told.addAll(valued(value, each)));
            } catch (IOException unanswered) {
                LOG.warn(
                        "A canary configuration's value is not known: {}: {}", query.promql(), unanswered.getMessage());
            }
        });
        return told;
    }

    /** What is no finite number says nothing. */
    private List<Valued> valued(MetricsSource.Query value, Matrix.Series series) {
        return series.points().entrySet().stream()
                .filter(point -> Double.isFinite(point.getValue()))
                .map(point -> new Valued(
                        value, point.getKey().minus(properties.interval()), series.labels(), point.getValue()))
                .toList();
    }
}
