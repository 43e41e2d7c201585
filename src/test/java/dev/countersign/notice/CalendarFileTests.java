package dev.countersign.notice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.notice.Notices.Invitation;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import net.fortuna.ical4j.data.CalendarBuilder;
import net.fortuna.ical4j.model.Calendar;
import net.fortuna.ical4j.model.Parameter;
import net.fortuna.ical4j.model.Property;
import net.fortuna.ical4j.model.component.VEvent;
import net.fortuna.ical4j.model.property.immutable.ImmutableMethod;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("M2.1")
class CalendarFileTests {
    private static final Instant STAMP = Instant.parse("2026-11-23T09:00:00.123Z");

    private static Invitation invitation(boolean cancelled, String summary) {
        return new Invitation(
                "review-checkout@2.0.0",
                cancelled ? 2 : 1,
                cancelled,
                Instant.parse("2026-11-24T13:00:00Z"),
                Instant.parse("2026-11-24T13:30:00Z"),
                summary,
                "Room 4, and online");
    }

    private static String file(boolean cancelled, String summary) {
        return CalendarFile.of(
                invitation(cancelled, summary),
                "First line\nsecond; with, marks",
                "countersign@example.org",
                "Quality Assurance",
                "qa@example.org",
                STAMP);
    }

    private static Calendar parsed(String file) throws Exception {
        return new CalendarBuilder().build(new StringReader(file));
    }

    private static String value(VEvent event, String property) {
        return event.<Property>getRequiredProperty(property).getValue();
    }

    @Test
    void an_invitation_asks_its_one_attendee_to_answer() throws Exception {
        Calendar calendar = parsed(file(false, "Readiness review of checkout 2.0.0"));
        VEvent event = calendar.<VEvent>getComponent("VEVENT").orElseThrow();

        assertThat(calendar.validate().hasErrors()).isFalse();
        assertThat(event.validate(ImmutableMethod.REQUEST).hasErrors()).isFalse();
        assertThat(calendar.getRequiredProperty("METHOD").getValue()).isEqualTo("REQUEST");
        assertThat(calendar.getRequiredProperty("VERSION").getValue()).isEqualTo("2.0");
        assertThat(calendar.getRequiredProperty("PRODID").getValue()).contains("Countersign");
        assertThat(value(event, "UID")).isEqualTo("review-checkout@2.0.0");
        assertThat(value(event, "SEQUENCE")).isEqualTo("1");
        assertThat(value(event, "DTSTAMP")).isEqualTo("20261123T090000Z");
        assertThat(value(event, "DTSTART")).isEqualTo("20261124T130000Z");
        assertThat(value(event, "DTEND")).isEqualTo("20261124T133000Z");
        assertThat(value(event, "DESCRIPTION")).isEqualTo("First line\nsecond; with, marks");
        assertThat(value(event, "LOCATION")).isEqualTo("Room 4, and online");
        assertThat(value(event, "ORGANIZER")).isEqualTo("mailto:countersign@example.org");
        assertThat(event.getProperties("ATTENDEE")).hasSize(1);
        Property attendee = event.getRequiredProperty("ATTENDEE");
        assertThat(attendee.getValue()).isEqualTo("mailto:qa@example.org");
        assertThat(attendee.<Parameter>getRequiredParameter("PARTSTAT").getValue())
                .isEqualTo("NEEDS-ACTION");
        assertThat(attendee.<Parameter>getRequiredParameter("RSVP").getValue()).isEqualTo("TRUE");
        assertThat(attendee.<Parameter>getRequiredParameter("ROLE").getValue()).isEqualTo("REQ-PARTICIPANT");
    }

    @Test
    void a_cancellation_takes_the_same_event_back() throws Exception {
        Calendar calendar = parsed(file(true, "Readiness review"));
        VEvent event = calendar.<VEvent>getComponent("VEVENT").orElseThrow();

        assertThat(event.validate(ImmutableMethod.CANCEL).hasErrors()).isFalse();
        assertThat(calendar.getRequiredProperty("METHOD").getValue()).isEqualTo("CANCEL");
        assertThat(value(event, "UID")).isEqualTo("review-checkout@2.0.0");
        assertThat(value(event, "SEQUENCE")).isEqualTo("2");
        assertThat(value(event, "STATUS")).isEqualTo("CANCELLED");
    }

    @Test
    void long_and_foreign_text_is_folded_to_75_octets_and_comes_back_whole() throws Exception {
        String summary = "Überprüfung vor der Freigabe – 準備レビュー 🚀 ".repeat(6).strip();
        String file = file(false, summary);

        for (String line : file.split("\r\n")) {
            assertThat(line.getBytes(StandardCharsets.UTF_8).length).isLessThanOrEqualTo(75);
        }
        assertThat(file).doesNotContainPattern("[^\r]\n");
        assertThat(value(parsed(file).<VEvent>getComponent("VEVENT").orElseThrow(), "SUMMARY"))
                .isEqualTo(summary);
    }

    @Test
    void a_line_break_in_the_summary_writes_no_property_of_its_own() throws Exception {
        String file = file(false, "Review\r\nATTENDEE:mailto:somebody@elsewhere.example\r\nX: y");
        VEvent event = parsed(file).<VEvent>getComponent("VEVENT").orElseThrow();

        assertThat(event.getProperties("ATTENDEE")).hasSize(1);
        assertThat(value(event, "SUMMARY")).isEqualTo("Review ATTENDEE:mailto:somebody@elsewhere.example X: y");
    }
}
