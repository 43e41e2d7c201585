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
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.Temporal;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.fortuna.ical4j.data.CalendarBuilder;
import net.fortuna.ical4j.data.ParserException;
import net.fortuna.ical4j.model.Component;
import net.fortuna.ical4j.model.Parameter;
import net.fortuna.ical4j.model.Period;
import net.fortuna.ical4j.model.Property;
import net.fortuna.ical4j.model.TimeZoneRegistryImpl;
import net.fortuna.ical4j.model.component.VEvent;
import net.fortuna.ical4j.model.property.DateListProperty;
import net.fortuna.ical4j.model.property.DateProperty;
import org.springframework.core.io.Resource;

/**
 * A rota in iCalendar files (RFC 5545), one a level. On duty are the attendees of an event who have not declined, and where it has none whom its summary names. Series, their exceptions and events
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
            Resource file = levels.get(level - 1);
            List<VEvent> events = read(file);
            try {
                shifts.addAll(shifts(events, level, time));
            } catch (RuntimeException broken) {
                // What an event says is read when it is asked for: a zone that nobody knows, a series without an end in
                // sight.
                throw new IOException(
                        "The rota " + file.getFilename() + " cannot be understood: " + broken.getMessage(), broken);
            }
        }
        return shifts;
    }

    private List<Shift> shifts(List<VEvent> events, int level, Instant time) {
        List<Shift> shifts = new ArrayList<>();
        for (VEvent event : events) {
            Optional<Instant> until = endOfTurn(event, events, time);
            if (until.isPresent()) {
                List<String> who = who(event);
                if (who.isEmpty()) {
                    shifts.add(new Shift(who, level, until.get()));
                }
                for (String one : who) {
                    shifts.add(new Shift(List.of(one), level, until.get()));
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
                events.addAll(newest(new CalendarBuilder(new Zones())
                        .build(new StringReader(calendar))
                        .<VEvent>getComponents(Component.VEVENT)));
            }
        } catch (ParserException | RuntimeException broken) {
            throw new IOException(
                    "The rota " + file.getFilename() + " is no iCalendar file: " + broken.getMessage(), broken);
        }
        return events;
    }

    /** Of an event that a calendar holds in several versions the last one. */
    private static List<VEvent> newest(List<VEvent> events) {
        Map<List<String>, VEvent> newest = new LinkedHashMap<>();
        for (VEvent event : events) {
            String uid = text(event, Property.UID);
            List<String> one =
                    Arrays.asList(uid == null ? "without/" + newest.size() : uid, text(event, Property.RECURRENCE_ID));
            newest.merge(one, event, (known, other) -> sequence(other) < sequence(known) ? known : other);
        }
        return List.copyOf(newest.values());
    }

    private static long sequence(VEvent event) {
        String sequence = text(event, Property.SEQUENCE);
        return sequence != null && sequence.matches("[0-9]{1,9}") ? Long.parseLong(sequence) : 0;
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
        @Override
        public ZoneId getZoneId(String name) {
            return ZoneNames.find(name).orElseGet(() -> super.getZoneId(name));
        }

        /** Never empty: the library asks for no zone where a file describes none. */
        @Override
        public Map<String, ZoneRules> getZoneRules() {
            Map<String, ZoneRules> described = super.getZoneRules();
            return described.isEmpty() ? Map.of("UTC", ZoneOffset.UTC.getRules()) : described;
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
        if (isFromHereOn(event)) {
            return endOfMovedTurn(event, first, events, time);
        }
        return occurrences(event, first, time).stream()
                .filter(turn -> !instant(turn.getStart()).isAfter(time)
                        && instant(turn.getEnd()).isAfter(time))
                .filter(turn -> !isExcepted(event, turn.getStart())
                        && replacing(event, events, turn.getStart()).isEmpty())
                .map(turn -> instant(turn.getEnd()))
                .findFirst();
    }

    /** What was changed from one occurrence on stands for all that follow, as far from where the series had them as that one. */
    private Optional<Instant> endOfMovedTurn(VEvent change, Temporal first, List<VEvent> events, Instant time) {
        VEvent series = events.stream()
                .filter(other -> isSameSeries(change, other)
                        && other.getProperty(Property.RECURRENCE_ID).isEmpty())
                .findFirst()
                .orElse(null);
        Temporal begins = series == null ? null : date(series, Property.DTSTART).orElse(null);
        if (begins == null) {
            return Optional.empty();
        }
        Instant start = instant(first);
        Duration moved = Duration.between(
                date(change, Property.RECURRENCE_ID).map(this::instant).orElseThrow(), start);
        Duration turn = occurrences(change, first, start).stream()
                .filter(one -> instant(one.getStart()).equals(start))
                .map(one -> Duration.between(start, instant(one.getEnd())))
                .findFirst()
                .orElse(Duration.ZERO);
        return occurrences(series, begins, time.minus(moved)).stream()
                .map(Period::getStart)
                .filter(one -> !isExcepted(series, one)
                        && replacing(series, events, one).filter(change::equals).isPresent())
                .map(one -> instant(one).plus(moved))
                .filter(one -> !one.isAfter(time) && one.plus(turn).isAfter(time))
                .map(one -> one.plus(turn))
                .findFirst();
    }

    private static boolean isFromHereOn(VEvent event) {
        return event.<Property>getProperty(Property.RECURRENCE_ID)
                .flatMap(id -> id.<Parameter>getParameter(Parameter.RANGE))
                .filter(range -> range.getValue().equalsIgnoreCase("THISANDFUTURE"))
                .isPresent();
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

    /** Whether the series leaves this occurrence out; it may say so in another zone than its own, or by the day. */
    private boolean isExcepted(VEvent series, Temporal start) {
        return series.getProperties(Property.EXDATE).stream()
                .flatMap(dates -> ((DateListProperty<?>) dates).getDates().stream())
                .anyMatch(date -> isAt(date, start));
    }

    /** The event of the file that stands for this occurrence of a series: one of its own, or the last change from an occurrence on. */
    private Optional<VEvent> replacing(VEvent series, List<VEvent> events, Temporal start) {
        if (series.getProperty(Property.RECURRENCE_ID).isPresent()) {
            return Optional.empty();
        }
        List<VEvent> changes = events.stream()
                .filter(other -> isSameSeries(series, other)
                        && date(other, Property.RECURRENCE_ID).isPresent())
                .toList();
        return changes.stream()
                .filter(change -> isAt(date(change, Property.RECURRENCE_ID).orElseThrow(), start))
                .findFirst()
                .or(() -> changes.stream()
                        .filter(change ->
                                isFromHereOn(change) && !replaced(change).isAfter(instant(start)))
                        .max(Comparator.comparing(this::replaced)));
    }

    private Instant replaced(VEvent change) {
        return date(change, Property.RECURRENCE_ID).map(this::instant).orElseThrow();
    }

    private static boolean isSameSeries(VEvent one, VEvent other) {
        String uid = text(one, Property.UID);
        return one != other && uid != null && uid.equals(text(other, Property.UID));
    }

    /** Of a day, or of a moment whatever the zone it is written in. */
    private boolean isAt(Temporal named, Temporal start) {
        return named instanceof LocalDate day && !(start instanceof LocalDate)
                ? day.equals(
                        start instanceof ZonedDateTime zoned
                                ? zoned.toLocalDate()
                                : instant(start).atZone(zone).toLocalDate())
                : instant(named).equals(instant(start));
    }

    private static boolean isOff(VEvent event) {
        return "CANCELLED".equalsIgnoreCase(text(event, Property.STATUS))
                || "TRANSPARENT".equalsIgnoreCase(text(event, Property.TRANSP));
    }

    private static List<String> who(VEvent event) {
        List<Property> attendees = event.getProperties(Property.ATTENDEE);
        List<String> names = attendees.stream()
                .filter(attendee -> isPerson(attendee) && !"DECLINED".equals(parameter(attendee, Parameter.PARTSTAT)))
                .map(Property::getValue)
                .map(address -> address.toLowerCase(Locale.ROOT).startsWith(MAILTO)
                        ? address.substring(MAILTO.length())
                        : address)
                .toList();
        String summary = text(event, Property.SUMMARY);
        // Who declined is not on duty because the event is called after them.
        return names.isEmpty() && summary != null && attendees.stream().noneMatch(CalendarRota::isPerson)
                ? List.of(summary)
                : names;
    }

    private static boolean isPerson(Property attendee) {
        return !Set.of("ROOM", "RESOURCE").contains(parameter(attendee, Parameter.CUTYPE));
    }

    private static String parameter(Property property, String name) {
        return property.<Parameter>getParameter(name)
                .map(parameter -> parameter.getValue().toUpperCase(Locale.ROOT))
                .orElse("");
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
