package dev.countersign.rollout.reported;

import dev.countersign.api.Problem;
import dev.countersign.rollout.reported.ReportedDeploymentStore.Asked;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.springframework.stereotype.Component;

/** Finds reported deployments by what stands in an address: of the API and of the page. */
@Component
class ReportedSearch {
    private static final int MOST = 200;
    private static final Duration LEFT_OUT = Duration.ofDays(30);
    private static final Instant LATEST = Instant.parse("9999-12-31T00:00:00Z");
    private final ReportedDeploymentStore store;
    private final Clock clock;

    ReportedSearch(ReportedDeploymentStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /**
     * @param approved {@code true} or {@code false}: only of production; left out, all there are
     * @param from as RFC 3339, or a date, which begins at midnight UTC; left out, 30 days before the end
     * @param to exclusive; a date counts to its end; left out, now
     */
    record Wanted(String service, String source, String from, String to, String approved, Integer page, Integer size) {}

    record Found(List<Kept> deployments, Instant from, Instant to, int page, int size, long total) {
        boolean hasMore() {
            return (page + 1L) * size < total;
        }
    }

    Found find(Wanted wanted) {
        int page = wanted.page() == null ? 0 : wanted.page();
        int size = wanted.size() == null ? 50 : Math.min(wanted.size(), MOST);
        if (page < 0) {
            throw Problem.invalid("/page", "must not be negative: pages start at 0");
        }
        if (size < 1) {
            throw Problem.invalid("/size", "must be from 1 to " + MOST);
        }
        // What began in this moment is among what is asked for now.
        Instant to = isGiven(wanted.to())
                ? time("/to", wanted.to(), true)
                : clock.instant().plusSeconds(1);
        Instant from = isGiven(wanted.from()) ? time("/from", wanted.from(), false) : to.minus(LEFT_OUT);
        if (!from.isBefore(to)) {
            throw Problem.invalid("/from", "must be before the end of the period");
        }
        Asked asked =
                new Asked(standings(wanted.approved()), given(wanted.service()), given(wanted.source()), from, to);
        return new Found(store.list(asked, page, size), from, to, page, size, store.count(asked));
    }

    private static Set<Standing> standings(String approved) {
        if (!isGiven(approved)) {
            return EnumSet.noneOf(Standing.class);
        }
        return switch (approved.strip()) {
            case "true" -> EnumSet.of(Standing.APPROVED);
            case "false" -> EnumSet.of(Standing.UNAPPROVED);
            default -> throw Problem.invalid("/approved", "must be true or false, or left out for all");
        };
    }

    private static Instant time(String pointer, String wanted, boolean isEnd) {
        try {
            // A plus sign in an address that was not escaped arrives as a space.
            String text = wanted.strip().replace(' ', '+');
            Instant time = text.length() != 10
                    ? OffsetDateTime.parse(text).toInstant()
                    : LocalDate.parse(text)
                            .plusDays(isEnd ? 1 : 0)
                            .atStartOfDay(ZoneOffset.UTC)
                            .toInstant();
            if (time.isBefore(Instant.EPOCH) || time.isAfter(LATEST)) {
                throw new DateTimeException("no database stores it");
            }
            return time;
        } catch (DateTimeException broken) {
            throw Problem.invalid(
                    pointer, "'" + wanted + "' is no time; write 2026-11-24T20:00:00+01:00 or 2026-11-24");
        }
    }

    private static String given(String text) {
        return isGiven(text) ? text.strip() : null;
    }

    private static boolean isGiven(String text) {
        return text != null && !text.isBlank();
    }
}
