package dev.countersign.portfolio;

import dev.countersign.api.Problem;
import dev.countersign.catalog.Catalog;
import dev.countersign.catalog.Service;
import dev.countersign.release.Release;
import dev.countersign.release.ReleaseFilter;
import dev.countersign.release.ReleaseState;
import dev.countersign.release.Releases;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** Finds releases by what stands in an address: of the API and of the page. */
@Component
class ReleaseSearch {
    static final int MAX_SIZE = 200;
    private static final Instant LATEST = Instant.parse("9999-12-31T00:00:00Z");
    private final Releases releases;
    private final Catalog catalog;

    ReleaseSearch(Releases releases, Catalog catalog) {
        this.releases = releases;
        this.catalog = catalog;
    }

    Found find(Wanted wanted) {
        ReleaseFilter filter = filter(wanted);
        return new Found(releases.list(filter), releases.count(filter), filter.page(), filter.size());
    }

    ReleaseFilter filter(Wanted wanted) {
        int page = wanted.page() == null ? 0 : wanted.page();
        int size = wanted.size() == null ? 50 : wanted.size();
        if (page < 0) {
            throw Problem.invalid("/page", "must not be negative: pages start at 0");
        }
        if (size < 1) {
            throw Problem.invalid("/size", "must be from 1 to " + MAX_SIZE);
        }
        return new ReleaseFilter(
                services(wanted),
                states(wanted.state()),
                time("/from", wanted.from()),
                time("/to", wanted.to()),
                wanted.text(),
                page,
                Math.min(size, MAX_SIZE));
    }

    /** A unit or team is the services that it owns now. */
    private Set<String> services(Wanted wanted) {
        boolean byOwner = isGiven(wanted.unit()) || isGiven(wanted.team());
        if (!byOwner) {
            return isGiven(wanted.service()) ? Set.of(wanted.service().strip()) : null;
        }
        return catalog.services().stream()
                .filter(service -> !isGiven(wanted.service())
                        || service.name().equals(wanted.service().strip()))
                .filter(service ->
                        !isGiven(wanted.unit()) || wanted.unit().strip().equals(service.unit()))
                .filter(service ->
                        !isGiven(wanted.team()) || wanted.team().strip().equals(service.team()))
                .map(Service::name)
                .collect(Collectors.toSet());
    }

    private static Set<ReleaseState> states(String wanted) {
        if (!isGiven(wanted)) {
            return null;
        }
        Set<ReleaseState> states = EnumSet.noneOf(ReleaseState.class);
        for (String name : wanted.split(",")) {
            try {
                states.add(ReleaseState.valueOf(name.strip().toUpperCase(Locale.ROOT)));
            } catch (IllegalArgumentException unknown) {
                throw Problem.invalid(
                        "/state",
                        "'" + name.strip() + "' is no state; there are " + Arrays.toString(ReleaseState.values()));
            }
        }
        return states;
    }

    /** RFC 3339, or a date, which begins at midnight UTC. */
    private static Instant time(String pointer, String wanted) {
        if (!isGiven(wanted)) {
            return null;
        }
        try {
            // A plus sign in an address that was not escaped arrives as a space.
            String text = wanted.strip().replace(' ', '+');
            Instant time = text.length() == 10
                    ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
                    : OffsetDateTime.parse(text).toInstant();
            if (time.isBefore(Instant.EPOCH) || !time.isBefore(LATEST)) {
                throw new DateTimeException("no database stores it");
            }
            return time;
        } catch (DateTimeException broken) {
            throw Problem.invalid(
                    pointer, "'" + wanted + "' is no time; write 2026-11-24T20:00:00+01:00 or 2026-11-24");
        }
    }

    private static boolean isGiven(String text) {
        return text != null && !text.isBlank();
    }

    /** @param state one or several, with commas; @param text a part of key or summary */
    record Wanted(
            String service,
            String state,
            String unit,
            String team,
            String from,
            String to,
            String text,
            Integer page,
            Integer size) {}

    record Found(List<Release> releases, long total, int page, int size) {}
}
