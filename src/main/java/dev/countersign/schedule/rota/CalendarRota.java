package dev.countersign.schedule.rota;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.Temporal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import net.fortuna.ical4j.data.CalendarBuilder;
import net.fortuna.ical4j.data.ParserException;
import net.fortuna.ical4j.model.Component;
import net.fortuna.ical4j.model.Period;
import net.fortuna.ical4j.model.Property;
import net.fortuna.ical4j.model.TimeZoneRegistryImpl;
import net.fortuna.ical4j.model.component.VEvent;
import net.fortuna.ical4j.model.property.DateProperty;
import org.springframework.core.io.Resource;

/**
 * A rota in iCalendar files (RFC 5545), one a level. Who is on duty is the attendee of an event, and where there is none its summary. Series, their exceptions and events
 * moved out of a series count as a calendar shows them; what is cancelled or leaves the time free does not.
 */
class CalendarRota implements Rota {
    private static final int LARGEST = 1024 * 1024;
    /** No turn is longer; events that began before are not looked for. */
    private static final Duration LONGEST_TURN = Duration.ofDays(62);

    private static final String MAILTO = "mailto:";

    private final List<Resource> levels;
    private final ZoneId zone;

    CalendarRota(List<Resource> levels, ZoneId zone) {
        this.levels = List.copyOf(levels);
        this.zone = zone;
    }

    @Override
    public List<Shift> at(Instant time) throws IOException {
        List<Shift> shifts = new ArrayList<>();
        for (int level = 1; level <= levels.size(); level++) {
            List<VEvent> events = read(levels.get(level - 1));
            for (VEvent event : events) {
                Optional<Instant> until = endOfTurn(event, events, time);
                if (until.isPresent()) {
                    shifts.add(new Shift(who(event), level, until.get()));
                }
            }
        }
        return shifts;
    }

    /** The events of all calendars in the file. */
    private static List<VEvent> read(Resource file) throws IOException {
        byte[] bytes;
        try (InputStream in = file.getInputStream()) {
            bytes = in.readNBytes(LARGEST + 1);
        }
        if (bytes.length > LARGEST) {
            throw new IOException("The rota " + file.getFilename() + " is larger than " + LARGEST + " bytes");
        }
        List<VEvent> events = new ArrayList<>();
        try {
            for (String calendar : calendars(new String(bytes, StandardCharsets.UTF_8))) {
                events.addAll(new CalendarBuilder(new Zones())
                        .build(new StringReader(calendar))
                        .<VEvent>getComponents(Component.VEVENT));
            }
        } catch (ParserException | RuntimeException broken) {
            throw new IOException(
                    "The rota " + file.getFilename() + " is no iCalendar file: " + broken.getMessage(), broken);
        }
        return events;
    }

    /** One after the other, with the ends of lines that the format wants: without them a line that goes on swallows the next one. */
    private static List<String> calendars(String text) {
        String[] parts = (text.startsWith("\uFEFF") ? text.substring(1) : text)
                .replaceAll("\r\n?|\n", "\r\n")
                .split("(?i)(?<=END:VCALENDAR\r\n)(?=\\s*BEGIN:VCALENDAR)");
        return Arrays.stream(parts)
                .map(String::strip)
                .map(part -> part + "\r\n")
                .toList();
    }

    /** Zones that Java knows are as Java knows them: what the library makes of a file's own description, or brings itself, is off for some by an hour. */
    private static final class Zones extends TimeZoneRegistryImpl {
        private static final Set<String> KNOWN = ZoneId.getAvailableZoneIds();

        @Override
        public ZoneId getZoneId(String name) {
            return KNOWN.contains(name) ? ZoneId.of(name) : super.getZoneId(name);
        }
    }

    /** When the turn ends that the event gives at this time; empty where it gives none. */
    private Optional<Instant> endOfTurn(VEvent event, List<VEvent> events, Instant time) {
        if (isOff(event)) {
            return Optional.empty();
        }
        Temporal first = date(event, Property.DTSTART).orElse(null);
        if (first == null) {
            return Optional.empty();
        }
        return occurrences(event, first, time).stream()
                .filter(turn -> !instant(turn.getStart()).isAfter(time)
                        && instant(turn.getEnd()).isAfter(time))
                .filter(turn -> !isReplaced(event, events, instant(turn.getStart())))
                .map(turn -> instant(turn.getEnd()))
                .findFirst();
    }

    private List<Period<? extends Temporal>> occurrences(VEvent event, Temporal first, Instant time) {
        Instant from = time.minus(LONGEST_TURN);
        Instant to = time.plusSeconds(1);
        List<Period<? extends Temporal>> found = new ArrayList<>();
        if (first instanceof LocalDate) {
            event.<LocalDate>calculateRecurrenceSet(new Period<>(
                            LocalDate.ofInstant(from, zone),
                            LocalDate.ofInstant(to, zone).plusDays(1)))
                    .forEach(found::add);
        } else if (first instanceof LocalDateTime) {
            event.<LocalDateTime>calculateRecurrenceSet(
                            new Period<>(LocalDateTime.ofInstant(from, zone), LocalDateTime.ofInstant(to, zone)))
                    .forEach(found::add);
        } else {
            ZoneId own = first instanceof ZonedDateTime zoned ? zoned.getZone() : ZoneId.of("UTC");
            event.<ZonedDateTime>calculateRecurrenceSet(new Period<>(from.atZone(own), to.atZone(own)))
                    .forEach(found::add);
        }
        return found;
    }

    /** Whether another event of the file stands for this occurrence of a series. */
    private boolean isReplaced(VEvent series, List<VEvent> events, Instant start) {
        if (series.getProperty(Property.RECURRENCE_ID).isPresent()) {
            return false;
        }
        String uid = text(series, Property.UID);
        return events.stream()
                .filter(other -> other != series && uid != null && uid.equals(text(other, Property.UID)))
                .flatMap(other -> date(other, Property.RECURRENCE_ID).stream())
                .anyMatch(replaced -> instant(replaced).equals(start));
    }

    private static boolean isOff(VEvent event) {
        return "CANCELLED".equalsIgnoreCase(text(event, Property.STATUS))
                || "TRANSPARENT".equalsIgnoreCase(text(event, Property.TRANSP));
    }

    private static List<String> who(VEvent event) {
        List<String> names = new ArrayList<>();
        event.getProperties(Property.ATTENDEE).forEach(attendee -> {
            String address = attendee.getValue();
            names.add(
                    address.toLowerCase(Locale.ROOT).startsWith(MAILTO) ? address.substring(MAILTO.length()) : address);
        });
        if (names.isEmpty() && text(event, Property.SUMMARY) != null) {
            names.add(text(event, Property.SUMMARY));
        }
        return names;
    }

    private static String text(VEvent event, String property) {
        return event.<Property>getProperty(property).map(Property::getValue).orElse(null);
    }

    private static Optional<Temporal> date(VEvent event, String property) {
        return event.<DateProperty<Temporal>>getProperty(property).map(DateProperty::getDate);
    }

    /** A date is its first moment, and a time without a zone is one of the rota's zone. */
    private Instant instant(Temporal time) {
        if (time instanceof LocalDate day) {
            return day.atStartOfDay(zone).toInstant();
        }
        if (time instanceof LocalDateTime local) {
            return local.atZone(zone).toInstant();
        }
        if (time instanceof ZonedDateTime zoned) {
            return zoned.toInstant();
        }
        if (time instanceof OffsetDateTime offset) {
            return offset.toInstant();
        }
        return Instant.from(time);
    }
}
