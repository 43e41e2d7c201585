package dev.countersign.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import dev.countersign.catalog.Capacity;
import dev.countersign.catalog.Capacity.Amount;
import dev.countersign.catalog.Capacity.Resource;
import dev.countersign.catalog.Capacity.Use;
import dev.countersign.catalog.Catalog;
import dev.countersign.observe.Observations.Triggers;
import dev.countersign.observe.SeriesSource;
import dev.countersign.release.Release;
import dev.countersign.rollout.CapacityForecast.Figure;
import dev.countersign.rollout.RolloutPlan.Exposure;
import dev.countersign.rollout.RolloutPlan.Promotion;
import dev.countersign.rollout.RolloutPlan.Step;
import dev.countersign.workflow.Decisions;
import dev.countersign.workflow.Decisions.Answered;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;

@Tag("M3.6")
class CapacityMeasureTests {
    private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");
    private static final CapacityLimits LIMITS =
            new CapacityLimits(0.8, Duration.ofHours(10), 0.9, Duration.ofHours(4), "capacity-limits 1.0");

    /** By query. */
    private final Map<String, SortedMap<Instant, Double>> answers = new HashMap<>();

    private static SortedMap<Instant, Double> steady(double value) {
        SortedMap<Instant, Double> points = new TreeMap<>();
        for (Instant at = NOW.minus(LIMITS.peak()); !at.isAfter(NOW); at = at.plus(Duration.ofMinutes(5))) {
            points.put(at, value);
        }
        return points;
    }

    private CapacityForecast forecast(RolloutPlan plan, Capacity... declared) {
        var beans = new DefaultListableBeanFactory();
        beans.registerSingleton("series", new SeriesSource() {
            @Override
            public boolean serves(String service) {
                return "checkout".equals(service);
            }

            @Override
            public List<SortedMap<Instant, Double>> series(
                    List<String> queries, Instant from, Instant to, Duration step) throws IOException {
                List<SortedMap<Instant, Double>> answered = new ArrayList<>();
                for (String query : queries) {
                    if (!answers.containsKey(query)) {
                        throw new IOException("no answer to " + query);
                    }
                    answered.add(answers.get(query));
                }
                return answered;
            }
        });
        return new CapacityMeasure(beans.getBeanProvider(SeriesSource.class), Clock.fixed(NOW, ZoneOffset.UTC))
                .forecast("checkout", List.of(declared), plan, LIMITS);
    }

    private static RolloutPlan plan(Exposure exposure, double... shares) {
        List<Step> steps = new ArrayList<>();
        for (double share : shares) {
            steps.add(new Step(
                    steps.size() + 1,
                    share,
                    Duration.ofMinutes(1),
                    Duration.ofMinutes(5),
                    Promotion.AUTOMATIC,
                    exposure));
        }
        return new RolloutPlan(
                steps,
                Duration.ofMinutes(1),
                Duration.ofMinutes(5),
                new Triggers(0.05, Duration.ofMinutes(5), 100, 200, Duration.ofMinutes(1), 2, 3, "1.0"),
                "1.0");
    }

    private static Capacity declared(Amount stable, Amount candidate, Use use) {
        return new Capacity(
                "checkout", "checkout", "sha256:c", stable, candidate, List.of(new Resource("cpu", use, "cpu")));
    }

    private static Amount number(int number) {
        return new Amount(number, null);
    }

    /** Ten stable replicas at 60 %: six replicas' worth of work. */
    @ParameterizedTest
    @CsvSource({
        "0.05, 1,  0.57, 0.30, PASS",
        "0.10, 1,  0.54, 0.60, PASS",
        "0.25, 1,  0.45, 1.50, FAIL",
        "0.50, 4,  0.30, 0.75, PASS",
        "1,    10, 0,    0.60, PASS",
        "1,    7,  0,    0.857, FAIL",
    })
    void each_version_carries_its_share_of_the_peak_on_its_own_replicas(
            double share, int replicas, double stable, double candidate, String verdict) {
        answers.put("cpu", steady(0.6));
        CapacityForecast forecast =
                forecast(plan(Exposure.TRAFFIC, share), declared(number(10), number(replicas), Use.PER_REPLICA));
        Figure figure = forecast.figures().get(0);
        assertThat(figure.stable()).isCloseTo(stable, within(0.001));
        assertThat(figure.candidate()).isCloseTo(candidate, within(0.001));
        assertThat(forecast.verdict()).isEqualTo(verdict);
    }

    @Test
    void one_step_without_room_is_enough_to_block() {
        answers.put("cpu", steady(0.6));
        CapacityForecast forecast =
                forecast(plan(Exposure.TRAFFIC, 0.05, 0.25, 1), declared(number(10), number(2), Use.PER_REPLICA));
        assertThat(forecast.verdict()).isEqualTo("FAIL");
        assertThat(forecast.sentence())
                .isEqualTo(
                        "At most 300 % of cpu is used, at step 3, limit 80 %; 120 of 120 moments of PT10H were measured");
        assertThat(forecast.figures()).extracting(Figure::fits).containsExactly(true, true, false);
    }

    @Test
    void what_replicas_share_is_held_by_idle_ones_too() {
        answers.put("cpu", steady(0.5));
        Capacity shared = declared(number(10), number(5), Use.SHARED);
        assertThat(forecast(plan(Exposure.TRAFFIC, 0.05), shared)
                        .figures()
                        .get(0)
                        .most())
                .isCloseTo(0.75, within(0.001));
        answers.put("cpu", steady(0.6));
        assertThat(forecast(plan(Exposure.TRAFFIC, 0.05), shared).verdict()).isEqualTo("FAIL");
    }

    @Test
    void the_peak_counts_with_the_replicas_that_it_had() {
        SortedMap<Instant, Double> used = steady(0.3);
        SortedMap<Instant, Double> replicas = steady(10);
        Instant peak = NOW.minus(Duration.ofHours(8));
        used.put(peak, 0.7);
        replicas.put(peak, 20.0);
        answers.put("cpu", used);
        answers.put("replicas", replicas);
        Figure figure = forecast(
                        plan(Exposure.TRAFFIC, 0.5),
                        declared(new Amount(null, "replicas"), number(10), Use.PER_REPLICA))
                .figures()
                .get(0);
        assertThat(figure.stable()).as("14 replicas' worth, half of it on 10").isCloseTo(0.7, within(0.001));
        assertThat(figure.candidate()).isCloseTo(0.7, within(0.001));
    }

    @Test
    void a_flag_that_decides_alone_moves_the_load_and_one_on_moved_traffic_does_not() {
        answers.put("cpu", steady(0.6));
        Capacity declared = declared(number(10), number(10), Use.PER_REPLICA);
        assertThat(forecast(plan(Exposure.FLAG, 0.25), declared)
                        .figures()
                        .get(0)
                        .candidate())
                .isCloseTo(0.15, within(0.001));
        RolloutPlan both = new RolloutPlan(
                List.of(
                        plan(Exposure.TRAFFIC, 1).step(1),
                        new Step(
                                2,
                                0.05,
                                Duration.ofMinutes(1),
                                Duration.ofMinutes(5),
                                Promotion.AUTOMATIC,
                                Exposure.FLAG)),
                Duration.ofMinutes(1),
                Duration.ofMinutes(5),
                plan(Exposure.TRAFFIC, 1).triggers(),
                "1.0");
        assertThat(forecast(both, declared).figures().get(1).candidate()).isCloseTo(0.6, within(0.001));
    }

    @Test
    void nothing_that_is_unknown_is_room() {
        RolloutPlan plan = plan(Exposure.TRAFFIC, 0.05);
        Capacity declared = declared(number(10), number(1), Use.PER_REPLICA);
        assertThat(forecast(plan).verdict()).as("nothing declared").isEqualTo("NO_DATA");
        assertThat(forecast(plan, declared).verdict()).as("no answer").isEqualTo("ERROR");
        answers.put("cpu", new TreeMap<>());
        assertThat(forecast(plan, declared).verdict()).as("no series").isEqualTo("NO_DATA");
        answers.put("cpu", new TreeMap<>(steady(0.1).headMap(NOW.minus(Duration.ofMinutes(30)))));
        assertThat(forecast(plan, declared).verdict()).as("stale").isEqualTo("NO_DATA");
        answers.put("cpu", new TreeMap<>(steady(0.1).tailMap(NOW.minus(Duration.ofHours(4)))));
        assertThat(forecast(plan, declared).verdict())
                .as("too little of the days")
                .isEqualTo("NO_DATA");
        answers.put("cpu", new TreeMap<>(steady(0.1).tailMap(NOW.minus(Duration.ofMinutes(530)))));
        assertThat(forecast(plan, declared).sentence())
                .as("just too little")
                .isEqualTo(
                        "The utilisation of cpu was measured at 107 of 120 moments of PT10H, less than 90 % of them");
        answers.put("cpu", new TreeMap<>(steady(0.1).tailMap(NOW.minus(Duration.ofMinutes(550)))));
        assertThat(forecast(plan, declared).sentence()).endsWith("111 of 120 moments of PT10H were measured");
        answers.put("cpu", steady(0.1));
        assertThat(forecast(plan, declared).verdict()).isEqualTo("PASS");
        answers.put("replicas", steady(0));
        Capacity nobody = declared(number(10), new Amount(null, "replicas"), Use.PER_REPLICA);
        assertThat(forecast(plan, nobody).verdict()).as("no replica").isEqualTo("NO_DATA");
        answers.put("replicas", new TreeMap<>());
        assertThat(forecast(plan, nobody).verdict()).as("no replicas measured").isEqualTo("NO_DATA");
    }

    private static Optional<CapacityLimits> limits(String confirmation, boolean declares) {
        Release release = mock(Release.class);
        when(release.service()).thenReturn("checkout");
        when(release.tier()).thenReturn("critical");
        when(release.policy()).thenReturn("p");
        Catalog catalog = mock(Catalog.class);
        when(catalog.capacityOf("checkout"))
                .thenReturn(declares ? List.of(declared(number(1), number(1), Use.SHARED)) : List.of());
        Decisions decisions = mock(Decisions.class);
        when(decisions.knows(anyString(), anyString())).thenReturn(confirmation != null);
        when(decisions.ask(anyString(), anyString(), any()))
                .thenReturn(new Answered(
                        "capacity-limits",
                        "capacity-limits 1.0",
                        List.of(Map.of(
                                "confirmation",
                                String.valueOf(confirmation),
                                "maximum",
                                0.8,
                                "peak",
                                "P7D",
                                "measured",
                                0.5,
                                "validity",
                                "PT4H"))));
        return CapacityLimits.of(decisions, catalog, release);
    }

    @Test
    void the_table_says_who_has_to_be_asked() {
        assertThat(limits("required", false)).isPresent();
        assertThat(limits("required", true).orElseThrow().peak()).isEqualTo(Duration.ofDays(7));
        assertThat(limits("where declared", true)).isPresent();
        assertThat(limits("where declared", false)).isEmpty();
        assertThat(limits(null, true)).as("before there was such a table").isEmpty();
        assertThatThrownBy(() -> limits("never", true)).isInstanceOf(IllegalStateException.class);
    }
}
