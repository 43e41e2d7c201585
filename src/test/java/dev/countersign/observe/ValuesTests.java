package dev.countersign.observe;

import static dev.countersign.observe.Series.BASELINE;
import static dev.countersign.observe.Series.CANDIDATE;
import static dev.countersign.observe.Series.START;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.observe.MetricsSource.Query;
import dev.countersign.observe.MetricsSource.Sample;
import dev.countersign.observe.MetricsSource.Valued;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands with a measurement of what a team's own canary configuration asked for. */
@Tag("M3.4")
class ValuesTests {
    private static final CanaryMetric ZONES = metric("queue", "avg by (zone) (queue{v=~\"${digest}\"})", "zone");
    private static final Map<String, Double> UNKNOWN = Map.of("|queue", 0.0);

    private static CanaryMetric metric(String name, String query, String... labels) {
        return new CanaryMetric(
                "canary " + name,
                "ranks",
                "more",
                1,
                0,
                0,
                0.01,
                false,
                "canary-metrics 1.0",
                null,
                new CanaryMetric.Own(query, List.of(labels), List.of("system"), true, false, false, 1, 1, 1, 1));
    }

    private static Watched watched(CanaryMetric... metrics) {
        Observations.Order step =
                Series.step(Series.seconds().with(List.of(metrics)), Duration.ofSeconds(10), Duration.ofHours(9));
        return Courses.watched(
                1,
                new Observations.Observation(step, START, null, false, false, null, List.of()),
                START,
                START,
                0,
                null,
                List.of(),
                List.of(),
                List.of());
    }

    /** Of both versions alike, but for the label that names them. */
    private static List<Sample> with(
            Watched watched, boolean answered, List<Map<String, String>> labels, double value) {
        List<Query> queries = Values.queries(watched);
        List<Valued> values = new ArrayList<>();
        for (Query query : queries) {
            for (Map<String, String> each : labels) {
                Map<String, String> all = new HashMap<>(each);
                all.put("v", query.events().contains("new") ? "new" : "old");
                values.add(new Valued(query, START, all, value));
            }
        }
        List<Sample> samples = List.of(Series.second(0, CANDIDATE, 10, 0, 20), Series.second(0, BASELINE, 90, 0, 20));
        return Values.with(
                watched,
                new Sources.Answer(samples, List.of(), values, answered ? Set.copyOf(queries) : Set.of(), null));
    }

    private static List<Map<String, Double>> values(boolean answered, List<Map<String, String>> labels, double value) {
        return with(watched(ZONES), answered, labels, value).stream()
                .map(Sample::values)
                .toList();
    }

    @Test
    void values_are_told_apart_by_what_the_metric_names_and_not_by_their_version() {
        assertThat(values(true, List.of(Map.of("zone", "a", "pod", "p1"), Map.of("zone", "b", "pod", "p2")), 3))
                .containsOnly(Map.of("queue|{zone=a}", 3.0, "queue|{zone=b}", 3.0));
    }

    @Test
    void two_series_for_one_value_are_none_that_anybody_knows() {
        assertThat(values(true, List.of(Map.of("zone", "a", "pod", "p1"), Map.of("zone", "a", "pod", "p2")), 3))
                .containsOnly(UNKNOWN);
    }

    @Test
    void what_was_answered_empty_has_no_value_and_what_was_not_answered_is_not_known() {
        assertThat(values(true, List.of(), 3)).containsOnly(Map.of());
        assertThat(values(false, List.of(), 3)).containsOnly(UNKNOWN);
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 2e15, -2e15})
    void what_is_no_figure_is_not_known(double value) {
        assertThat(values(true, List.of(Map.of("zone", "a")), value)).containsOnly(UNKNOWN);
    }

    @Test
    void a_label_that_is_too_long_and_more_values_than_anybody_compares_are_not_stored() {
        assertThat(values(true, List.of(Map.of("zone", "a".repeat(400))), 3)).containsOnly(UNKNOWN);
        CanaryMetric[] many = IntStream.range(0, 40)
                .mapToObj(at -> metric("m" + at, "avg by (zone) (m%d{v=~\"${digest}\"})".formatted(at), "zone"))
                .toArray(CanaryMetric[]::new);
        List<Map<String, String>> zones = IntStream.range(0, 20)
                .mapToObj(zone -> Map.of("zone", String.valueOf(zone)))
                .toList();
        assertThat(with(watched(many), true, zones, 3)).allSatisfy(sample -> {
            assertThat(sample.values()).hasSize(10 * 20 + 30);
            assertThat(sample.values()).containsKey("|m39").containsKey("m0|{zone=0}");
        });
    }
}
