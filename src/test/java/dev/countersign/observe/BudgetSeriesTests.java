package dev.countersign.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import dev.countersign.catalog.Catalog;
import dev.countersign.observe.Budget.Count;
import dev.countersign.observe.SloStates.SloState;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Error budgets as Prometheus sees them. */
@Tag("M1.1")
@Tag("M5.3")
class BudgetSeriesTests {
    private static final Instant NOW = Instant.parse("2026-11-24T20:00:00Z");
    private final SloStates states = mock(SloStates.class);
    private final Clock clock = mock(Clock.class);
    private final BudgetSeries series = new BudgetSeries(states, mock(Catalog.class), clock);

    private static SloState burning(String name) {
        List<Count> counts = new ArrayList<>();
        for (int minute = 1; minute <= 360; minute++) {
            counts.add(new Count(false, NOW.minus(Duration.ofMinutes(minute)), 80, 100));
        }
        for (int hour = 1; hour <= 100; hour++) {
            counts.add(new Count(true, NOW.minus(Duration.ofHours(hour)), hour <= 6 ? 4_800 : 6_000, 6_000));
        }
        return Budget.of(new Objective(name, "errors", 0.99, null, "d"), Duration.ofDays(28), counts, NOW);
    }

    private static SloState unknown() {
        return unknown("unknown");
    }

    private static SloState unknown(String name) {
        return Budget.of(new Objective(name, "latency", 0.9, 300.0, "d"), Duration.ofDays(28), List.of(), NOW);
    }

    private void known(Map<String, List<SloState>> all) {
        when(clock.instant()).thenReturn(NOW);
        when(states.of(any(Collection.class))).thenReturn(all);
        series.refresh();
    }

    /** By name and labels. */
    private Map<String, Double> scraped() {
        Scrape scrape = new Scrape();
        series.scrape(scrape);
        Map<String, Double> values = new TreeMap<>();
        scrape.snapshots().forEach(metric -> ((GaugeSnapshot) metric)
                .getDataPoints()
                .forEach(point -> values.put(
                        metric.getMetadata().getName()
                                + point.getLabels().toString().replace('"', '\''),
                        point.getValue())));
        return values;
    }

    @Test
    void what_is_left_and_how_fast_it_burns_is_shown_from_what_was_counted_last_and_no_scrape_asks() throws Exception {
        known(Map.of("checkout", List.of(burning("errors"), unknown())));
        Map<String, Double> values = scraped();
        assertThat(values)
                .containsEntry("countersign_slo_objective{kind='errors',service='checkout',slo='errors'}", 0.99)
                .containsEntry("countersign_slo_objective{kind='latency',service='checkout',slo='unknown'}", 0.9)
                .containsEntry("countersign_slo_left_out{}", 0.0)
                .hasSize(1 + 1 + 1 + 8 + 1);
        assertThat(values.get("countersign_slo_budget_remaining{kind='errors',service='checkout',slo='errors'}"))
                .isNegative();
        assertThat(
                        values.get(
                                "countersign_slo_burn_rate{kind='errors',pair='1h/5m',service='checkout',slo='errors',window='long'}"))
                .isBetween(19.9, 20.1);
        scraped();
        verify(states, times(1)).of(any(Collection.class));
        // The rules and dashboards ask for the series and pairs that are shown.
        String rules = Files.readString(Path.of("docker/prometheus/rules.yml"));
        StringBuilder asking = new StringBuilder(rules);
        try (var dashboards = Files.list(Path.of("docker/grafana/dashboards"))) {
            for (Path dashboard : dashboards.toList()) {
                asking.append(Files.readString(dashboard));
            }
        }
        assertThat(Pattern.compile("countersign_slo_[a-z_]+").matcher(asking).results())
                .extracting(MatchResult::group)
                .isNotEmpty()
                .allSatisfy(name -> assertThat(values.keySet()).anyMatch(key -> key.startsWith(name + "{")));
        for (String pair : List.of("1h/5m", "6h/30m", "1d/2h", "3d/6h")) {
            assertThat(rules).contains("pair=\"" + pair + "\"");
            assertThat(values.keySet()).anyMatch(key -> key.contains("pair='" + pair + "'"));
        }
    }

    @Test
    void what_was_counted_long_ago_by_this_node_is_shown_no_more() {
        known(Map.of("checkout", List.of(burning("errors"))));
        when(clock.instant()).thenReturn(NOW.plus(Duration.ofMinutes(4)));
        assertThat(scraped()).isEmpty();
    }

    @Test
    void however_many_objectives_there_are_the_series_are_bounded_and_what_is_left_out_is_told() {
        known(Map.of(
                "many",
                IntStream.range(0, BudgetSeries.MOST_OBJECTIVES + 7)
                        .mapToObj(number -> unknown("unknown-" + number))
                        .toList(),
                "twice",
                List.of(unknown("same"), unknown("same"))));
        assertThat(scraped()).containsEntry("countersign_slo_left_out{}", 8.0);
    }
}
