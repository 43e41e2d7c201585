package dev.countersign.portfolio;

import dev.countersign.api.Problem;
import dev.countersign.catalog.Catalog;
import dev.countersign.catalog.Service;
import dev.countersign.gate.GateOutcomes;
import dev.countersign.gate.GateOutcomes.Count;
import dev.countersign.gate.GateOutcomes.Outcome;
import dev.countersign.gate.GateOutcomes.Position;
import dev.countersign.identity.Actors;
import dev.countersign.identity.Role;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/** The security gates of a period: who may read them, what an address asks for, and one page of the answer. */
@Component
class GateReport {
    static final int MOST = 200;
    private static final int USUAL = 50;
    private static final Duration PERIOD = Duration.ofDays(30);
    private static final Instant LATEST = Instant.parse("9999-12-31T00:00:00Z");
    private final GateOutcomes outcomes;
    private final Catalog catalog;
    private final Actors actors;
    private final Clock clock;

    GateReport(GateOutcomes outcomes, Catalog catalog, Actors actors, Clock clock) {
        this.outcomes = outcomes;
        this.catalog = catalog;
        this.actors = actors;
        this.clock = clock;
    }

    /**
     * @param from RFC 3339, or a day; left out, 30 days ago
     * @param to exclusive; a day counts to its end; left out, now
     * @param control a gate or a control of a regulation
     * @param after where the page before ended
     */
    record Asked(
            String from,
            String to,
            String unit,
            String service,
            String release,
            String control,
            String after,
            Integer size) {}

    /** @param unit the business unit that owns the service now; null where the catalog knows it no more */
    record Row(String unit, Outcome outcome) {}

    /** @param unit as in {@link Row} */
    record Total(String unit, Count count) {}

    /** @param next the position for the page that follows; null where this is the last */
    record Page(Instant from, Instant to, List<Row> rows, String next) {}

    void mayRead() {
        actors.require(Role.AUDITOR, Role.COMPLIANCE, Role.SECURITY, Role.HEAD_OF_SECURITY);
    }

    Page page(Asked asked) {
        int size = asked.size() == null ? USUAL : asked.size();
        if (size < 1) {
            throw Problem.invalid("/size", "must be from 1 to " + MOST);
        }
        return page(wanted(asked), position(asked.after()), Math.min(size, MOST));
    }

    Page page(GateOutcomes.Wanted wanted, Position after, int size) {
        mayRead();
        List<Outcome> found = outcomes.list(wanted, after, size + 1);
        List<Outcome> shown = found.subList(0, Math.min(size, found.size()));
        Map<String, String> units = units();
        return new Page(
                wanted.from(),
                wanted.to(),
                shown.stream()
                        .map(outcome -> new Row(units.get(outcome.service()), outcome))
                        .toList(),
                found.size() > size ? text(shown.get(size - 1).position()) : null);
    }

    List<Total> totals(Asked asked) {
        mayRead();
        Map<String, String> units = units();
        return outcomes.counts(wanted(asked)).stream()
                .map(count -> new Total(units.get(count.service()), count))
                .toList();
    }

    GateOutcomes.Wanted wanted(Asked asked) {
        Instant to = isGiven(asked.to()) ? time("/to", asked.to(), true) : clock.instant();
        Instant from = isGiven(asked.from()) ? time("/from", asked.from(), false) : to.minus(PERIOD);
        if (from.isAfter(to)) {
            throw Problem.invalid("/from", "the period ends before it begins");
        }
        return new GateOutcomes.Wanted(from, to, services(asked), given(asked.release()), given(asked.control()));
    }

    /** A unit is the services that it owns now. */
    private Set<String> services(Asked asked) {
        String service = given(asked.service());
        String unit = given(asked.unit());
        if (unit == null) {
            return service == null ? null : Set.of(service);
        }
        return catalog.services().stream()
                .filter(one -> unit.equals(one.unit()))
                .map(Service::name)
                .filter(name -> service == null || name.equals(service))
                .collect(Collectors.toSet());
    }

    private Map<String, String> units() {
        return catalog.services().stream()
                .filter(service -> service.unit() != null)
                .collect(Collectors.toMap(Service::name, Service::unit, (one, other) -> one));
    }

    /** Everything of a period, page by page: neither side holds it in memory, and no connection waits for a slow reader. */
    Stream<Page> all(Asked asked) {
        GateOutcomes.Wanted wanted = wanted(asked);
        return Stream.iterate(
                page(wanted, position(asked.after()), MOST),
                page -> page != null,
                page -> page.next() == null ? null : page(wanted, position(page.next()), MOST));
    }

    private static String text(Position position) {
        return position.at() + "_" + position.id();
    }

    static Position position(String after) {
        if (!isGiven(after)) {
            return null;
        }
        try {
            String[] parts = after.split("_", 2);
            return new Position(inRange(Instant.parse(parts[0])), Long.parseLong(parts[1]));
        } catch (DateTimeException | NumberFormatException | ArrayIndexOutOfBoundsException broken) {
            throw Problem.invalid("/after", "is the position that the page before names as next, or left out");
        }
    }

    private static Instant time(String pointer, String text, boolean toItsEnd) {
        try {
            // A plus sign in an address that was not escaped arrives as a space.
            String wanted = text.strip().replace(' ', '+');
            return inRange(
                    wanted.length() == 10
                            ? LocalDate.parse(wanted)
                                    .plusDays(toItsEnd ? 1 : 0)
                                    .atStartOfDay(ZoneOffset.UTC)
                                    .toInstant()
                            : OffsetDateTime.parse(wanted).toInstant());
        } catch (DateTimeException broken) {
            throw Problem.invalid(pointer, "is a day like 2026-11-24 or a time like 2026-11-24T09:00:00Z");
        }
    }

    private static Instant inRange(Instant time) {
        if (time.isBefore(Instant.EPOCH) || !time.isBefore(LATEST)) {
            throw new DateTimeException("no database stores it");
        }
        return time;
    }

    private static String given(String value) {
        return isGiven(value) ? value.strip() : null;
    }

    private static boolean isGiven(String value) {
        return value != null && !value.isBlank();
    }
}
