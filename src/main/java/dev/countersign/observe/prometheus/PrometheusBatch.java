package dev.countersign.observe.prometheus;

import dev.countersign.observe.MetricsSource;
import dev.countersign.observe.MetricsSource.Valued;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
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
    /** What twenty series need, and no more. */
    private static final long MOST_BYTES = 256 * 1024L;

    private static final int AT_ONCE = 6;

    private final PrometheusProperties properties;
    private final Instant first;
    private final Instant last;
    private final List<Query> counts = new ArrayList<>();
    private final Map<MetricsSource.Query, Query> values = new LinkedHashMap<>();
    private final Map<Query, PrometheusApi.Answer> answers = new HashMap<>();

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

    /** Counts first: what a team asks for has only the time that is left, and never the whole server at once. */
    void ask(PrometheusApi api) throws IOException {
        long deadline = System.nanoTime() + properties.timeout().toNanos();
        answers.putAll(api.ask(counts));
        counts();
        List<Query> asked = values.values().stream().distinct().toList();
        for (int from = 0; from < asked.size(); from += AT_ONCE) {
            answers.putAll(api.ask(asked.subList(from, Math.min(asked.size(), from + AT_ONCE)), deadline, MOST_BYTES));
        }
    }

    List<Matrix> counts() throws IOException {
        List<Matrix> matrices = new ArrayList<>();
        for (Query count : counts) {
            matrices.add(answers.get(count).get());
        }
        return matrices;
    }

    /** What was told of each value that was answered, be it that there is none; of the others nothing is known. */
    Map<MetricsSource.Query, List<Valued>> values() {
        Map<MetricsSource.Query, List<Valued>> told = new LinkedHashMap<>();
        values.forEach((value, query) -> {
            try {
                told.put(value, valued(value, answers.get(query).get().series()));
            } catch (IOException unanswered) {
                LOG.warn(
                        "A canary configuration's value is not known: {}: {}", query.promql(), unanswered.getMessage());
            }
        });
        return told;
    }

    private List<Valued> valued(MetricsSource.Query value, List<Matrix.Series> series) throws IOException {
        if (series.size() > MOST_SERIES) {
            throw new IOException("Prometheus answered %d series, more than %d".formatted(series.size(), MOST_SERIES));
        }
        List<Valued> told = new ArrayList<>();
        for (Matrix.Series each : series) {
            if (!each.histograms().isEmpty()) {
                throw new IOException("Prometheus answered native histograms, which are no value");
            }
            Map<String, String> labels = new HashMap<>(each.labels());
            if (value.events().contains(LABEL)) {
                // It names the version, and so tells none of its values from another.
                labels.remove(properties.versionLabel());
            }
            each.points()
                    .forEach((at, number) ->
                            told.add(new Valued(value, at.minus(properties.interval()), labels, number)));
        }
        return told;
    }
}
