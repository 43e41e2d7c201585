package dev.countersign.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import dev.countersign.TestDatabase;
import dev.countersign.catalog.Catalog;
import dev.countersign.catalog.Service;
import dev.countersign.catalog.Slo;
import dev.countersign.observe.Budget.Count;
import dev.countersign.observe.MetricsSource.Sample;
import dev.countersign.observe.SloStates.SloState;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.sql.DataSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;

@Tag("M1.1")
class BudgetTests {
    private static final Instant NOW = Instant.parse("2026-11-24T20:00:00Z");
    private static final Objective OBJECTIVE = new Objective("checkout-availability", "availability", 0.99, null, "d");

    @ParameterizedTest
    @CsvSource({
        // errors of 1000 requests a minute: in the last 5 minutes, in the 55 minutes before, in the 5 hours before;
        // state
        "0, 0, 0, OK",
        "150, 150, 0, PAGE",
        "150, 0, 0, OK", // a short burst: the hour has not burnt 14.4 times as fast
        "0, 150, 150, PAGE", // clean for five minutes only: the half hour still burns
        "0, 0, 150, TICKET", // clean for an hour: nobody is woken, somebody looks at it
        "70, 70, 70, PAGE", // 7 times as fast for six hours
        "5, 5, 5, OK"
    })
    void it_pages_only_when_the_long_and_the_short_window_both_exceed(
            int lastMinutes, int lastHour, int before, String state) {
        List<Count> counts = new ArrayList<>();
        long[] bad = new long[7];
        for (int minute = 1; minute <= 360; minute++) {
            int errors = minute <= 5 ? lastMinutes : minute <= 60 ? lastHour : before;
            counts.add(new Count(false, NOW.minus(Duration.ofMinutes(minute)), 1000 - errors, 1000));
            bad[(minute + 59) / 60] += errors;
        }
        for (int hour = 1; hour <= 6; hour++) {
            counts.add(new Count(true, NOW.minus(Duration.ofHours(hour)), 60_000 - bad[hour], 60_000));
        }
        // Two days without an error before that: the budget as such is not spent.
        for (int hour = 7; hour <= 60; hour++) {
            counts.add(new Count(true, NOW.minus(Duration.ofHours(hour)), 60_000, 60_000));
        }
        SloState found = Budget.of(OBJECTIVE, Duration.ofDays(28), counts, NOW);
        assertThat(found.state()).as("%s", found).isEqualTo(state);
    }

    @Test
    void the_budget_that_remains_is_what_the_errors_left_of_it() {
        List<Count> counts = List.of(new Count(true, NOW.minus(Duration.ofHours(200)), 99_700, 100_000));
        SloState state = Budget.of(OBJECTIVE, Duration.ofDays(28), counts, NOW);
        assertThat(state.budgetRemaining()).isCloseTo(0.7, within(1e-9));
        assertThat(state.state()).isEqualTo("OK");
        SloState spent = Budget.of(
                OBJECTIVE,
                Duration.ofDays(28),
                List.of(new Count(true, NOW.minus(Duration.ofHours(200)), 98_000, 100_000)),
                NOW);
        assertThat(spent.state()).isEqualTo("EXHAUSTED");
        assertThat(spent.budgetRemaining()).isNegative();
    }

    @Test
    void nothing_measured_is_no_data() {
        SloState state = Budget.of(OBJECTIVE, Duration.ofDays(28), List.of(), NOW);
        assertThat(state.state()).isEqualTo("NO_DATA");
        assertThat(state.compliance()).isNull();
        assertThat(state.budgetRemaining()).isNull();
    }

    @Test
    @Tag("database")
    void each_minute_is_counted_once_and_its_hour_grows() throws InterruptedException {
        DataSource database = TestDatabase.with("V56__observe_slo.sql", "V190__slo_progress.sql");
        Catalog catalog = mock(Catalog.class);
        Service service = mock(Service.class);
        when(service.name()).thenReturn("checkout");
        when(catalog.services()).thenReturn(List.of(service));
        when(catalog.slosOf("checkout"))
                .thenReturn(List.of(
                        new Slo("availability", "checkout", "availability", 0.99, null, Duration.ofDays(28), "d")));
        MetricsSource source = (name, from, to) -> {
            List<Sample> samples = new ArrayList<>();
            for (Instant at = from; at.isBefore(to); at = at.plusSeconds(10)) {
                samples.add(new Sample(at, Duration.ofSeconds(10), "sha256:any", 10, 1, 5.0, 5.0, 5.0));
            }
            return samples;
        };
        Clock[] clock = {Clock.fixed(NOW.plusSeconds(30), ZoneOffset.UTC)};
        ObserveProperties properties = new ObserveProperties(
                Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(30), Duration.ofSeconds(5));
        for (int minute = 0; minute < 3; minute++) {
            clock[0] = Clock.fixed(NOW.plusSeconds(30 + 60L * minute), ZoneOffset.UTC);
            SloCounts counts = new SloCounts(new JdbcTemplate(database));
            Sources sources = new Sources(
                    new StaticListableBeanFactory(Map.of("source", source)).getBeanProvider(MetricsSource.class),
                    properties);
            SloCounting counting = new SloCounting(
                    counts, sources, catalog, properties, new JdbcTransactionManager(database), clock[0]);
            counting.count();
            counting.count();
            SloState state = new SloAccounting(counts, sources, catalog, clock[0])
                    .of("checkout")
                    .get(0);
            assertThat(state.requests()).isEqualTo(60L * (60 + minute));
            assertThat(state.compliance()).isEqualTo(0.9);
        }
    }

    @Test
    @Tag("database")
    @Tag("M8.3")
    void many_services_stand_as_each_of_them_does_alone() {
        DataSource database = TestDatabase.with("V56__observe_slo.sql", "V190__slo_progress.sql");
        Catalog catalog = mock(Catalog.class);
        List<String> services = List.of("checkout", "cart", "search");
        SloCounts counts = new SloCounts(new JdbcTemplate(database));
        Random random = new Random(7);
        List<SloCounts.Row> rows = new ArrayList<>();
        for (String service : services) {
            when(catalog.slosOf(service))
                    .thenReturn(List.of(
                            new Slo("availability", service, "availability", 0.99, null, Duration.ofDays(28), "d"),
                            new Slo("errors", service, "errors", 0.95, null, Duration.ofDays(7), "d"),
                            new Slo("unmeasured", service, "errors", 0.95, null, Duration.ofDays(7), "d")));
            for (String slo : List.of("availability", "errors")) {
                int errors = random.nextInt(200);
                for (int minute = 1; minute <= 400 && !service.equals("search"); minute++) {
                    rows.add(new SloCounts.Row(service, slo, count(false, Duration.ofMinutes(minute), errors)));
                }
                for (int hour = 1; hour <= 24 * 40 && !service.equals("search"); hour++) {
                    rows.add(new SloCounts.Row(
                            service, slo, count(true, Duration.ofHours(hour), random.nextInt(errors + 1))));
                }
            }
        }
        counts.insert(rows);
        SloAccounting accounting =
                new SloAccounting(counts, null, catalog, Clock.fixed(NOW.plusSeconds(17), ZoneOffset.UTC));
        Map<String, List<SloState>> all = accounting.of(services);
        for (String service : services) {
            assertThat(all.get(service)).hasSize(3).isEqualTo(accounting.of(service));
        }
        assertThat(all.get("search")).allMatch(state -> state.state().equals("NO_DATA"));
        assertThat(all.get("cart").get(0).requests()).isPositive();
        assertThat(accounting.of(List.of())).isEmpty();
    }

    private static Count count(boolean hourly, Duration before, int errors) {
        return new Count(hourly, NOW.minus(before), 1000 - errors, 1000);
    }
}
