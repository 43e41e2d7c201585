package dev.countersign.notice;

import static net.fortuna.ical4j.model.property.immutable.ImmutableCalScale.GREGORIAN;
import static net.fortuna.ical4j.model.property.immutable.ImmutableMethod.CANCEL;
import static net.fortuna.ical4j.model.property.immutable.ImmutableMethod.REQUEST;
import static net.fortuna.ical4j.model.property.immutable.ImmutableStatus.VEVENT_CANCELLED;
import static net.fortuna.ical4j.model.property.immutable.ImmutableStatus.VEVENT_CONFIRMED;
import static net.fortuna.ical4j.model.property.immutable.ImmutableTransp.OPAQUE;
import static net.fortuna.ical4j.model.property.immutable.ImmutableVersion.VERSION_2_0;

import dev.countersign.notice.Notices.Invitation;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import net.fortuna.ical4j.data.CalendarOutputter;
import net.fortuna.ical4j.model.Calendar;
import net.fortuna.ical4j.model.component.VEvent;
import net.fortuna.ical4j.model.parameter.Cn;
import net.fortuna.ical4j.model.parameter.CuType;
import net.fortuna.ical4j.model.parameter.PartStat;
import net.fortuna.ical4j.model.parameter.Role;
import net.fortuna.ical4j.model.parameter.Rsvp;
import net.fortuna.ical4j.model.property.Attendee;
import net.fortuna.ical4j.model.property.Description;
import net.fortuna.ical4j.model.property.DtEnd;
import net.fortuna.ical4j.model.property.DtStamp;
import net.fortuna.ical4j.model.property.DtStart;
import net.fortuna.ical4j.model.property.Location;
import net.fortuna.ical4j.model.property.Organizer;
import net.fortuna.ical4j.model.property.ProdId;
import net.fortuna.ical4j.model.property.Sequence;
import net.fortuna.ical4j.model.property.Summary;
import net.fortuna.ical4j.model.property.Uid;

/**
 * An invitation, or its cancellation, to one attendee (RFC 5545; methods of RFC 5546). Times are UTC instants, so that no time zone
 * definition has to travel with them. The attendee must be the mail's recipient, else Outlook offers no answer buttons.
 */
final class CalendarFile {
    private static final String PRODUCT = "-//Countersign//Release review//EN";
    /** RFC 5545 3.1: lines of at most 75 octets without the break. */
    private static final int LONGEST_LINE = 75;

    private CalendarFile() {}

    static String of(
            Invitation invitation, String description, String organiser, String name, String address, Instant stamp) {
        var event = new VEvent(false);
        event.add(new Uid(invitation.uid()));
        event.add(new Sequence(invitation.sequence()));
        event.add(new DtStamp(stamp.truncatedTo(ChronoUnit.SECONDS)));
        event.add(new DtStart<>(invitation.start().truncatedTo(ChronoUnit.SECONDS)));
        event.add(new DtEnd<>(invitation.end().truncatedTo(ChronoUnit.SECONDS)));
        event.add(new Summary(line(invitation.summary())));
        event.add(new Description(description));
        if (invitation.location() != null && !invitation.location().isBlank()) {
            event.add(new Location(line(invitation.location())));
        }
        event.add(new Organizer(URI.create("mailto:" + organiser)).add(new Cn("Countersign")));
        event.add(new Attendee(URI.create("mailto:" + address))
                .add(CuType.INDIVIDUAL)
                .add(Role.REQ_PARTICIPANT)
                .add(PartStat.NEEDS_ACTION)
                .add(Rsvp.TRUE)
                .add(new Cn(line(name))));
        event.add(invitation.cancelled() ? VEVENT_CANCELLED : VEVENT_CONFIRMED);
        event.add(OPAQUE);

        var calendar = new Calendar();
        calendar.add(new ProdId(PRODUCT));
        calendar.add(VERSION_2_0);
        calendar.add(GREGORIAN);
        calendar.add(invitation.cancelled() ? CANCEL : REQUEST);
        calendar.add(event);
        return written(calendar);
    }

    private static String written(Calendar calendar) {
        var out = new StringWriter();
        try {
            new CalendarOutputter(true, Integer.MAX_VALUE).output(calendar, out);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return folded(out.toString());
    }

    /** The library folds by characters, which lets foreign text grow too long; the limit counts octets. */
    private static String folded(String file) {
        var result = new StringBuilder();
        for (String line : file.split("\r\n")) {
            int length = 0;
            for (int point : line.codePoints().toArray()) {
                String character = Character.toString(point);
                int octets = character.getBytes(StandardCharsets.UTF_8).length;
                if (length + octets > LONGEST_LINE) {
                    result.append("\r\n ");
                    length = 1;
                }
                result.append(character);
                length += octets;
            }
            result.append("\r\n");
        }
        return result.toString();
    }

    private static String line(String text) {
        return MailMessage.oneLine(text).replace('"', '\'');
    }
}
