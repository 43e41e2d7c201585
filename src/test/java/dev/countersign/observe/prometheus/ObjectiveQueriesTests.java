package dev.countersign.observe.prometheus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.catalog.Slo;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("M1.1")
class ObjectiveQueriesTests {
    private static ObjectiveQueries of(String shape, Boolean counter, String query) {
        Slo slo = new Slo(
                "answered",
                "shop",
                "availability",
                0.99,
                null,
                Duration.ofDays(28),
                "d",
                null,
                "Occurrences",
                null,
                null,
                Map.of("total", query),
                "slo.yaml",
                new Slo.Source(shape, counter, null, null, null, Map.of("total", "slo.yaml, line 7, column 3"), null),
                null);
        return ObjectiveQueries.of(slo, Duration.ofMinutes(1));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '~',
            nullValues = "-",
            value = {
                "ratio;true;sum(increase(a_total[{{window}}]));sum(increase(a_total[60000ms]))",
                "ratio;-;sum(rate(a_total{x=\"y\"}[{{.window}}]));sum(rate(a_total{x=\"y\"}[60000ms]))",
                "ratio;true;sum(rate(a[{{ .window }}])) + sum(rate(b[{{window}}]));sum(rate(a[60000ms])) + sum(rate(b[60000ms]))",
                "ratio;true;a_total;sum(increase(a_total[60000ms]))",
                "ratio;true;a_total{code=~\"2.{2}|3..\",path='/{id}'};sum(increase(a_total{code=~\"2.{2}|3..\",path='/{id}'}[60000ms]))",
                "ratio;true;{__name__=\"a\"};sum(increase({__name__=\"a\"}[60000ms]))",
                "ratio;true;sum by (job) (a_total{job=\"x\"});sum(increase(a_total{job=\"x\"}[60000ms]))",
                "ratio;false;queue_done;sum(avg_over_time(queue_done[60000ms]))",
                "ratio;false;a - b;sum(avg_over_time((a - b)[60000ms:]))",
                "raw;-;success_ratio;success_ratio",
                "threshold;-;histogram_quantile(0.9, rate(h[{{window}}]));histogram_quantile(0.9, rate(h[60000ms]))",
                "threshold;-;histogram_quantile(0.9, rate(h[5m]));histogram_quantile(0.9, rate(h[5m]))"
            })
    void a_metric_source_becomes_promql_over_one_interval(String shape, Boolean counter, String query, String promql) {
        ObjectiveQueries queries = of(shape, counter, query);
        assertThat(queries.trouble()).isNull();
        assertThat(queries.promql()).containsEntry("total", promql);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            nullValues = "-",
            value = {
                "-|a_total|neither `{{window}}` nor says `counter`",
                "true|a_total + b_total|more than a selector",
                "true|sum(rate(a_total[5m]))|more than a selector",
                "true|sum(a_total) / 2|more than a selector",
                "true|sum(a_total) or vector(0)|more than a selector",
                "true|sum(a_total) + sum(b_total)|more than a selector",
                "true|a_total{x=\"}\"} + b_total{x=\"}\"}|more than a selector",
                "true|a_total{x=\"y|more than a selector",
                "true|sum()|more than a selector"
            })
    void what_would_count_something_else_than_it_seems_to_is_refused_with_its_place(
            Boolean counter, String query, String because) {
        ObjectiveQueries queries = of("ratio", counter, query);
        assertThat(queries.promql()).isEmpty();
        assertThat(queries.trouble()).startsWith("slo.yaml, line 7, column 3: ").contains(because);
    }

    @Test
    void an_objective_that_was_kept_before_there_were_sources_is_not_asked_for() {
        Slo old = new Slo("answered", "shop", "availability", 0.99, null, Duration.ofDays(28), "d");
        assertThat(ObjectiveQueries.of(old, Duration.ofMinutes(1)).trouble()).contains("no query");
    }
}
