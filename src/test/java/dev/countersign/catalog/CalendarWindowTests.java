package dev.countersign.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("M1.1")
class CalendarWindowTests {
    @ParameterizedTest
    @CsvSource({
        // start in the zone, zone, window, now, beginning
        "2026-01-01T00:00, UTC, 1, M, 2026-03-20T12:00:00Z, 2026-03-01T00:00:00Z",
        "2026-01-01T00:00, UTC, 1, M, 2026-03-01T00:00:00Z, 2026-03-01T00:00:00Z",
        "2026-01-01T00:00, UTC, 1, M, 2026-02-28T23:59:59Z, 2026-02-01T00:00:00Z",
        // the clocks went forward on the 8th of March: midnight there is an hour earlier
        "2026-01-01T00:00, America/New_York, 1, M, 2026-03-20T12:00:00Z, 2026-03-01T05:00:00Z",
        "2026-01-01T00:00, America/New_York, 1, M, 2026-04-01T04:00:00Z, 2026-04-01T04:00:00Z",
        "2026-01-01T00:00, America/New_York, 1, M, 2026-04-01T03:59:59Z, 2026-03-01T05:00:00Z",
        "2026-03-01T12:30, America/New_York, 1, d, 2026-03-09T16:29:59Z, 2026-03-08T16:30:00Z",
        "2026-03-01T12:30, America/New_York, 1, d, 2026-03-09T16:30:00Z, 2026-03-09T16:30:00Z",
        // counted from the first: after the 28th of February comes the 31st of March
        "2026-01-31T00:00, UTC, 1, M, 2026-03-30T00:00:00Z, 2026-02-28T00:00:00Z",
        "2026-01-31T00:00, UTC, 1, M, 2026-03-31T00:00:00Z, 2026-03-31T00:00:00Z",
        "2026-01-01T00:00, UTC, 2, w, 2026-01-28T00:00:00Z, 2026-01-15T00:00:00Z",
        "2026-01-01T00:00, UTC, 1, Q, 2026-09-30T00:00:00Z, 2026-07-01T00:00:00Z",
        "2024-02-29T00:00, UTC, 1, Y, 2026-02-27T23:00:00Z, 2025-02-28T00:00:00Z",
        "2026-01-01T00:00, UTC, 6, h, 2026-01-02T05:00:00Z, 2026-01-02T00:00:00Z",
        "2026-01-01T00:00, UTC, 10, m, 2026-01-01T00:19:59Z, 2026-01-01T00:10:00Z",
        // one that has not begun
        "2027-01-01T00:00, UTC, 1, M, 2026-03-20T12:00:00Z, 2027-01-01T00:00:00Z"
    })
    void a_window_begins_when_the_clock_on_the_wall_says_so(
            String start, String zone, int count, String unit, String now, String begin) {
        CalendarWindow window = new CalendarWindow(LocalDateTime.parse(start), ZoneId.of(zone), count, unit);
        assertThat(window.begin(Instant.parse(now))).isEqualTo(Instant.parse(begin));
    }
}
