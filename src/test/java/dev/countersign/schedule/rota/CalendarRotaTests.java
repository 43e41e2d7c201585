package dev.countersign.schedule.rota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.schedule.rota.Rota.Shift;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;

@Tag("M5.4")
class CalendarRotaTests {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    private static Resource calendar(String... events) {
        String text = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\n"
                + String.join(
                        "", Arrays.stream(events).map(CalendarRotaTests::event).toList())
                + "END:VCALENDAR\r\n";
        return new ByteArrayResource(text.getBytes(StandardCharsets.UTF_8)) {
            @Override
            public String getFilename() {
                return "rota.ics";
            }
        };
    }

    private static String event(String lines) {
        return "BEGIN:VEVENT\r\nDTSTAMP:20260101T000000Z\r\n" + lines.strip().replace("\n", "\r\n")
                + "\r\nEND:VEVENT\r\n";
    }

    private static List<String> onDuty(Resource calendar, String time) throws IOException {
        return new CalendarRota(List.of(calendar), BERLIN)
                .at(Instant.parse(time)).stream()
                        .flatMap(shift -> shift.who().stream())
                        .toList();
    }

    private static final String EVEN =
            """
            UID:even
            DTSTART;TZID=Europe/Berlin:20260105T090000
            DTEND;TZID=Europe/Berlin:20260112T090000
            RRULE:FREQ=WEEKLY;INTERVAL=2
            ATTENDEE;CN=First:mailto:first@example.com
            """;

    private static final String ODD =
            """
            UID:odd
            DTSTART;TZID=Europe/Berlin:20260112T090000
            DTEND;TZID=Europe/Berlin:20260119T090000
            RRULE:FREQ=WEEKLY;INTERVAL=2
            ATTENDEE;CN=Second:mailto:second@example.com
            """;

    /** Handed over at nine in the morning there, in winter and in summer. */
    @ParameterizedTest
    @CsvSource({
        "2026-01-05T07:59:59Z, ''",
        "2026-01-05T08:00:00Z, first@example.com",
        "2026-01-12T07:59:59Z, first@example.com",
        "2026-01-12T08:00:00Z, second@example.com",
        "2026-07-06T06:59:59Z, second@example.com",
        "2026-07-06T07:00:00Z, first@example.com",
        "2030-11-25T12:00:00Z, second@example.com",
    })
    void the_turns_of_a_series_follow_each_other_by_the_clock_of_their_zone(String time, String who)
            throws IOException {
        assertThat(String.join(",", onDuty(calendar(EVEN, ODD), time))).isEqualTo(who);
    }

    /** As Outlook, Exchange, Evolution, Thunderbird and others write it, who often describe the zone nowhere. */
    @ParameterizedTest
    @CsvSource({
        "/freeassociation.sourceforge.net/Europe/Berlin",
        "/mozilla.org/20070129_1/Europe/Berlin",
        "W. Europe Standard Time",
        "w. europe standard time",
        "europe/berlin",
        "(GMT+01:00) Europe/Berlin",
    })
    void a_zone_is_understood_by_what_its_name_carries(String zone) throws IOException {
        Resource calendar = calendar(EVEN.replace("TZID=Europe/Berlin", "TZID=\"" + zone + "\"") + "EXDATE;TZID=\""
                + zone + "\":20260119T090000");
        assertThat(onDuty(calendar, "2026-01-05T07:59:59Z")).isEmpty();
        assertThat(onDuty(calendar, "2026-01-05T08:00:00Z")).containsExactly("first@example.com");
        assertThat(onDuty(calendar, "2026-01-20T12:00:00Z")).isEmpty();
        assertThat(onDuty(calendar, "2026-07-06T06:59:59Z")).isEmpty();
        assertThat(onDuty(calendar, "2026-07-06T07:00:00Z")).containsExactly("first@example.com");
    }

    @ParameterizedTest
    @CsvSource({
        "tzone://Microsoft/Utc, Etc/UTC",
        "Eastern Standard Time, America/New_York",
        "US/Eastern, US/Eastern",
        "America/New York, America/New_York",
        "/x/America/Argentina/Buenos_Aires, America/Argentina/Buenos_Aires",
        "UTC+12, Etc/GMT-12",
        "UTC+05:30, UTC+05:30",
        "PST, ''",
        "BST, ''",
        "Customized Time Zone, ''",
        "tzone://Microsoft/Custom, ''",
        "Europe/Atlantis, ''",
    })
    void what_a_name_does_not_carry_is_not_guessed(String written, String zone) {
        assertThat(ZoneNames.find(written)
                        .map(found -> found.getRules().equals(ZoneId.of(zone).getRules()))
                        .orElse(zone.isEmpty()))
                .isTrue();
    }

    @Test
    void every_zone_of_windows_is_one_that_java_knows() throws IOException {
        Properties windows = new Properties();
        try (InputStream file = getClass().getResourceAsStream("/rota/windows-zones.properties")) {
            windows.load(file);
        }
        assertThat(windows).hasSizeGreaterThan(130);
        windows.values()
                .forEach(zone -> assertThat(ZoneId.getAvailableZoneIds()).contains((String) zone));
    }

    @Test
    void a_zone_that_nobody_knows_says_so() {
        Resource calendar = calendar(EVEN.replace("TZID=Europe/Berlin", "TZID=Customized Time Zone"));
        assertThatThrownBy(() -> onDuty(calendar, "2026-01-05T08:00:00Z"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("rota.ics")
                .hasMessageContaining("Customized Time Zone");
    }

    /** As many programs write it: an end of line without a carriage return, a line that goes on, and a zone that the file describes wrongly. */
    @Test
    void a_file_with_bare_ends_of_lines_loses_nothing() throws IOException {
        String text = new String(
                        calendar(EVEN.replace("UID:even", "UID:even\nDESCRIPTION:nine in the\n  morning"))
                                .getInputStream()
                                .readAllBytes(),
                        StandardCharsets.UTF_8)
                .replace("\r\n", "\n");
        String zone =
                """
                BEGIN:VTIMEZONE
                TZID:Europe/Berlin
                BEGIN:STANDARD
                DTSTART:19700101T000000
                TZOFFSETFROM:+0000
                TZOFFSETTO:+0000
                END:STANDARD
                END:VTIMEZONE
                """;
        Resource both = new ByteArrayResource(
                (text + "\n\n"
                                + text.replace("BEGIN:VEVENT", zone + "BEGIN:VEVENT")
                                        .replace("first@", "third@"))
                        .getBytes(StandardCharsets.UTF_8),
                "rota.ics");
        assertThat(onDuty(both, "2026-07-06T06:59:59Z")).isEmpty();
        assertThat(onDuty(both, "2026-07-06T07:00:00Z")).containsExactly("first@example.com", "third@example.com");
    }

    /** 26 January is a turn of the first one. */
    @ParameterizedTest
    @CsvSource({
        "EXDATE;TZID=Europe/Berlin:20260119T090000",
        "EXDATE:20260119T080000Z",
        "EXDATE;VALUE=DATE:20260119",
    })
    void an_occurrence_is_left_out_however_the_series_says_which(String exception) throws IOException {
        Resource calendar = calendar(EVEN + exception);
        assertThat(onDuty(calendar, "2026-01-20T12:00:00Z")).isEmpty();
        assertThat(onDuty(calendar, "2026-01-06T12:00:00Z")).containsExactly("first@example.com");
        assertThat(onDuty(calendar, "2026-02-03T12:00:00Z")).containsExactly("first@example.com");
    }

    @ParameterizedTest
    @CsvSource({
        "RECURRENCE-ID;TZID=Europe/Berlin:20260119T090000",
        "RECURRENCE-ID:20260119T080000Z",
        "RECURRENCE-ID;VALUE=DATE:20260119",
    })
    void whoever_stands_in_once_stands_alone(String which) throws IOException {
        String standIn = EVEN.replace("20260105", "20260119")
                .replace("20260112", "20260126")
                .replace("RRULE:FREQ=WEEKLY;INTERVAL=2", which)
                .replace("first@", "third@");
        Resource calendar = calendar(EVEN, standIn);
        assertThat(onDuty(calendar, "2026-01-20T12:00:00Z")).containsExactly("third@example.com");
        assertThat(onDuty(calendar, "2026-02-03T12:00:00Z")).containsExactly("first@example.com");
    }

    @Test
    void a_change_from_one_occurrence_on_stands_for_all_that_follow() throws IOException {
        String change = EVEN.replace("20260105T090000", "20260119T100000")
                .replace("20260112T090000", "20260126T100000")
                .replace(
                        "RRULE:FREQ=WEEKLY;INTERVAL=2",
                        "RECURRENCE-ID;TZID=Europe/Berlin;RANGE=THISANDFUTURE:20260119T090000")
                .replace("first@", "third@");
        Resource calendar = calendar(EVEN, change);
        assertThat(onDuty(calendar, "2026-01-06T12:00:00Z")).containsExactly("first@example.com");
        assertThat(onDuty(calendar, "2026-01-19T08:30:00Z")).isEmpty();
        assertThat(onDuty(calendar, "2026-01-20T12:00:00Z")).containsExactly("third@example.com");
        assertThat(onDuty(calendar, "2026-02-02T08:30:00Z")).isEmpty();
        assertThat(onDuty(calendar, "2026-02-03T12:00:00Z")).containsExactly("third@example.com");
    }

    @Test
    void of_several_versions_of_an_event_the_last_counts() throws IOException {
        String later = EVEN.replace("first@", "third@") + "SEQUENCE:2";
        assertThat(onDuty(calendar(later, EVEN + "SEQUENCE:1"), "2026-01-06T12:00:00Z"))
                .containsExactly("third@example.com");
        assertThat(onDuty(calendar(EVEN, later), "2026-01-06T12:00:00Z")).containsExactly("third@example.com");
    }

    @Test
    void all_who_attend_are_on_duty_and_neither_rooms_nor_whoever_declined() throws IOException {
        String several = EVEN
                + """
                ATTENDEE;PARTSTAT=ACCEPTED:mailto:second@example.com
                ATTENDEE;PARTSTAT=DECLINED:mailto:third@example.com
                ATTENDEE;CUTYPE=ROOM:mailto:room@example.com
                """;
        assertThat(onDuty(calendar(several), "2026-01-06T12:00:00Z"))
                .containsExactly("first@example.com", "second@example.com");
        String declined = EVEN.replace("CN=First", "PARTSTAT=DECLINED") + "SUMMARY:first@example.com";
        assertThat(onDuty(calendar(declined), "2026-01-06T12:00:00Z")).isEmpty();
    }

    @Test
    void the_end_of_a_turn_is_told() throws IOException {
        assertThat(new CalendarRota(List.of(calendar(EVEN, ODD)), BERLIN).at(Instant.parse("2026-07-07T00:00:00Z")))
                .containsExactly(new Shift(List.of("first@example.com"), 1, Instant.parse("2026-07-13T07:00:00Z")));
    }

    @Test
    void one_occurrence_that_somebody_else_took_over_is_theirs_alone() throws IOException {
        Resource swapped = calendar(
                EVEN,
                ODD,
                """
                UID:even
                RECURRENCE-ID;TZID=Europe/Berlin:20260119T090000
                DTSTART;TZID=Europe/Berlin:20260119T090000
                DTEND;TZID=Europe/Berlin:20260126T090000
                ATTENDEE:mailto:third@example.com
                """);
        assertThat(onDuty(swapped, "2026-01-20T12:00:00Z")).containsExactly("third@example.com");
        assertThat(onDuty(swapped, "2026-02-03T12:00:00Z")).containsExactly("first@example.com");
    }

    @Test
    void an_occurrence_that_was_moved_or_cancelled_or_left_out_leaves_a_gap() throws IOException {
        Resource moved = calendar(
                EVEN,
                """
                UID:even
                RECURRENCE-ID;TZID=Europe/Berlin:20260119T090000
                DTSTART;TZID=Europe/Berlin:20260121T090000
                DTEND;TZID=Europe/Berlin:20260126T090000
                ATTENDEE:mailto:first@example.com
                """);
        assertThat(onDuty(moved, "2026-01-20T12:00:00Z")).isEmpty();
        assertThat(onDuty(moved, "2026-01-22T12:00:00Z")).containsExactly("first@example.com");
        Resource cancelled = calendar(
                EVEN,
                """
                UID:even
                RECURRENCE-ID;TZID=Europe/Berlin:20260119T090000
                DTSTART;TZID=Europe/Berlin:20260119T090000
                DTEND;TZID=Europe/Berlin:20260126T090000
                STATUS:CANCELLED
                ATTENDEE:mailto:first@example.com
                """);
        assertThat(onDuty(cancelled, "2026-01-20T12:00:00Z")).isEmpty();
        Resource leftOut = calendar(EVEN + "EXDATE;TZID=Europe/Berlin:20260119T090000\n");
        assertThat(onDuty(leftOut, "2026-01-20T12:00:00Z")).isEmpty();
        assertThat(onDuty(leftOut, "2026-02-03T12:00:00Z")).containsExactly("first@example.com");
    }

    @ParameterizedTest
    @CsvSource({
        "2026-03-28T22:59:59Z, ''",
        "2026-03-28T23:00:00Z, sre",
        "2026-03-29T21:59:59Z, sre",
        "2026-03-29T22:00:00Z, ''",
    })
    void a_day_is_one_of_the_rota_s_zone(String time, String who) throws IOException {
        Resource days = calendar("UID:day\nDTSTART;VALUE=DATE:20260329\nDTEND;VALUE=DATE:20260330\nSUMMARY:sre");
        assertThat(String.join(",", onDuty(days, time))).isEqualTo(who);
    }

    @Test
    void times_without_a_zone_are_of_the_rota_s_zone_and_times_of_utc_are_not() throws IOException {
        Resource local = calendar("UID:a\nDTSTART:20260601T090000\nDTEND:20260601T170000\nSUMMARY:sre");
        assertThat(onDuty(local, "2026-06-01T07:00:00Z")).containsExactly("sre");
        assertThat(onDuty(local, "2026-06-01T15:00:00Z")).isEmpty();
        Resource utc = calendar("UID:a\nDTSTART:20260601T090000Z\nDURATION:PT8H\nSUMMARY:sre");
        assertThat(onDuty(utc, "2026-06-01T08:59:59Z")).isEmpty();
        assertThat(onDuty(utc, "2026-06-01T16:59:59Z")).containsExactly("sre");
    }

    @Test
    void what_leaves_the_time_free_is_no_turn() throws IOException {
        assertThat(onDuty(
                        calendar("UID:a\nDTSTART:20260601T090000Z\nDURATION:PT8H\nTRANSP:TRANSPARENT\nSUMMARY:sre"),
                        "2026-06-01T12:00:00Z"))
                .isEmpty();
    }

    @Test
    void each_file_is_a_level() throws IOException {
        CalendarRota rota = new CalendarRota(List.of(calendar(EVEN), calendar(ODD), calendar(EVEN)), BERLIN);
        assertThat(rota.at(Instant.parse("2026-01-06T12:00:00Z")))
                .extracting(Shift::level)
                .containsExactly(1, 3);
    }

    @Test
    void a_file_that_is_missing_or_broken_or_huge_says_so() {
        assertThatThrownBy(() -> onDuty(new ClassPathResource("no-such-rota.ics"), "2026-01-06T12:00:00Z"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no-such-rota.ics");
        assertThatThrownBy(() -> onDuty(
                        new ByteArrayResource(
                                "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:soon\r\n".getBytes(StandardCharsets.UTF_8)),
                        "2026-01-06T12:00:00Z"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no iCalendar file");
        assertThatThrownBy(() -> onDuty(new ByteArrayResource(new byte[1024 * 1024 + 1]), "2026-01-06T12:00:00Z"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("larger than");
    }
}
