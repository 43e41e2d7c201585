package dev.countersign.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.countersign.catalog.CalendarWindow;
import dev.countersign.catalog.Slo;
import dev.countersign.observe.Budget.Count;
import dev.countersign.observe.MetricsSource.Events;
import dev.countersign.observe.MetricsSource.Sample;
import dev.countersign.observe.SloStates.SloState;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Budgeting methods and windows, of a source that tells requests only, as the sandbox does. */
@Tag("M1.1")
class SlicesTests {
    private static final Instant NOW = Instant.parse("2026-11-24T20:30:30Z");
    private static final Instant HOUR = Instant.parse("2026-11-24T19:30:00Z");
    private static final Duration FIVE = Duration.ofMinutes(5);

    private static List<Count> counts(String budgeting, Double target, Events... events) {
        return new Slices(budgeting, FIVE, target).counts(List.of(events));
    }

    private static Events minute(int minute, double good, double total) {
        return new Events(HOUR.plus(Duration.ofMinutes(minute)), good, total);
    }

    @ParameterizedTest
    @CsvSource({"95, 1", "94, 0", "0, 0", "100, 1"})
    void a_time_slice_is_good_where_enough_of_its_events_were(double good, double counted) {
        assertThat(counts("Timeslices", 0.95, minute(0, good / 2, 50), minute(4, good / 2, 50)))
                .containsExactly(new Count(false, HOUR, counted, 1));
    }

    @Test
    void a_ratio_time_slice_counts_its_ratio_and_one_without_events_nothing() {
        assertThat(counts("RatioTimeslices", null, minute(0, 1, 2), minute(5, 99, 100), minute(10, 0, 0)))
                .containsExactly(new Count(false, HOUR, 0.5, 1), new Count(false, HOUR.plus(FIVE), 0.99, 1));
        assertThat(counts("Occurrences", null, minute(0, 1, 2), minute(1, 99, 100)))
                .containsExactly(new Count(false, HOUR, 100, 102));
    }

    private static Slo slo(String name, String budgeting, Double sliceTarget, CalendarWindow calendar) {
        return new Slo(
                name,
                "checkout",
                "errors",
                0.9,
                null,
                Duration.ofDays(28),
                "d",
                null,
                budgeting,
                sliceTarget,
                budgeting.equals("Occurrences") ? null : FIVE,
                Map.of(),
                "slo.yaml",
                null,
                calendar);
    }

    private static Slo unread() {
        return new Slo(
                "unread",
                "checkout",
                "errors",
                0.9,
                null,
                Duration.ofDays(28),
                "d",
                null,
                "Occurrences",
                null,
                null,
                Map.of(),
                "slo.yaml",
                new Slo.Source("ratio", true, null, null, null, Map.of(), "slo.yaml, line 3: no source"),
                null);
    }

    /** 10 requests a minute, all of them bad in the first five minutes after {@link #HOUR}; it may be down, or see nothing. */
    private static final class Requests implements MetricsSource {
        private boolean down;
        private boolean blind;

        @Override
        public List<Sample> requests(String service, Instant from, Instant to) throws IOException {
            if (down) {
                throw new IOException("the source is down");
            }
            List<Sample> samples = new ArrayList<>();
            for (Instant at = from; !blind && at.plusSeconds(60).isBefore(to); at = at.plusSeconds(60)) {
                boolean bad = !at.isBefore(HOUR) && at.isBefore(HOUR.plus(FIVE));
                samples.add(new Sample(at, Duration.ofMinutes(1), "v", 10, bad ? 10 : 0, 5.0, 5.0, 5.0));
            }
            return samples;
        }
    }

    @Test
    @Tag("database")
    void requests_become_slices_and_windows_of_the_calendar_too() throws InterruptedException {
        Requests source = new Requests();
        CalendarWindow daily = new CalendarWindow(LocalDateTime.of(2026, 1, 1, 20, 0), ZoneOffset.UTC, 1, "d");
        ObjectiveFixture fixture = new ObjectiveFixture(
                "checkout",
                List.of(
                        slo("events", "Occurrences", null, null),
                        slo("slices", "Timeslices", 0.5, null),
                        slo("ratios", "RatioTimeslices", null, null),
                        slo("daily", "Occurrences", null, daily),
                        unread()),
                NOW,
                (catalog, clock) -> source);
        Map<String, SloState> states = fixture.count().states();
        // 50 of 600 requests; 1 of 12 slices; of a budget of a tenth
        assertThat(states.get("events").budgetRemaining()).isCloseTo(1 - 50 / 600.0 / 0.1, within(1e-9));
        assertThat(states.get("slices").budgetRemaining()).isCloseTo(1 - 1 / 12.0 / 0.1, within(1e-9));
        assertThat(states.get("ratios").requests()).isEqualTo(12);
        // Since eight in the evening nothing was bad.
        assertThat(states.get("daily").budgetRemaining()).isEqualTo(1);
        assertThat(states.get("daily").requests()).isEqualTo(300);
        assertThat(states.get("unread").state()).isEqualTo("NO_DATA");
        assertThat(states.get("unread").trouble()).isEqualTo("slo.yaml, line 3: no source");
        assertThat(states.get("unread").budgetRemaining()).isNull();
    }

    @Test
    @Tag("database")
    void who_sees_nothing_for_an_hour_knows_nothing_and_what_was_spent_is_not_forgiven() throws InterruptedException {
        Requests source = new Requests();
        Slo strict = new Slo("strict", "checkout", "errors", 0.99, null, Duration.ofDays(28), "d");
        ObjectiveFixture fixture = new ObjectiveFixture(
                "checkout", List.of(slo("events", "Occurrences", null, null), strict), NOW, (catalog, clock) -> source);
        assertThat(fixture.count().states().get("events").isUnknown()).isFalse();
        source.down = true;
        SloState soon =
                fixture.at(NOW.plus(Duration.ofMinutes(30))).count().states().get("events");
        assertThat(soon.isUnknown()).isFalse();
        assertThat(soon.trouble()).isEqualTo("the source is down");
        Map<String, SloState> later =
                fixture.at(NOW.plus(Duration.ofMinutes(70))).count().states();
        assertThat(later.get("events").state()).isEqualTo("NO_DATA");
        assertThat(later.get("events").isUnknown()).isTrue();
        assertThat(later.get("strict").isSpent()).isTrue();
        assertThat(later.get("strict").state()).isNotEqualTo("NO_DATA");
        source.down = false;
        source.blind = true;
        SloState blind =
                fixture.at(NOW.plus(Duration.ofMinutes(80))).count().states().get("events");
        assertThat(blind.state()).isEqualTo("NO_DATA");
        assertThat(blind.trouble()).isEqualTo("Nothing has been measured since 2026-11-24T20:30:00Z");
    }

    @Test
    @Tag("database")
    void nothing_is_counted_twice_when_it_is_looked_at_again() throws InterruptedException {
        Requests source = new Requests();
        ObjectiveFixture fixture = new ObjectiveFixture(
                "checkout",
                List.of(slo("events", "Occurrences", null, null), slo("slices", "Timeslices", 0.5, null)),
                NOW,
                (catalog, clock) -> source);
        fixture.count().count();
        for (int minute = 1; minute <= 7; minute++) {
            fixture.at(NOW.plus(Duration.ofMinutes(minute))).count().count();
        }
        Map<String, SloState> states = fixture.states();
        assertThat(states.get("events").requests()).isEqualTo(670);
        assertThat(states.get("slices").requests()).isEqualTo(13);
    }
}
