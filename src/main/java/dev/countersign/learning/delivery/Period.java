package dev.countersign.learning.delivery;

import dev.countersign.api.Problem;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/**
 * From {@code from} until before {@code to}.
 *
 * @param past how much of it is over: nothing can have been deployed after now
 */
record Period(Instant from, Instant to, Duration past) {
    private static final Duration USUAL = Duration.ofDays(90);
    private static final int MOST_YEARS = 10;
    private static final Instant LATEST = Instant.parse("9999-12-31T00:00:00Z");

    static Period of(Asked asked, Instant now) {
        Instant to = isGiven(asked.to()) ? time("/to", asked.to(), true) : now;
        Instant from = isGiven(asked.from()) ? time("/from", asked.from(), false) : begin(to);
        if (!from.isBefore(to)) {
            throw Problem.invalid("/from", "the period ends before it begins");
        }
        if (from.atOffset(ZoneOffset.UTC).plusYears(MOST_YEARS).toInstant().isBefore(to)) {
            throw Problem.invalid("/from", "a period is at most ten years");
        }
        Instant end = to.isBefore(now) ? to : now;
        return new Period(from, to, end.isBefore(from) ? Duration.ZERO : Duration.between(from, end));
    }

    double days() {
        return (double) past.toMillis() / Duration.ofDays(1).toMillis();
    }

    private static Instant begin(Instant to) {
        Instant from = to.minus(USUAL);
        return from.isBefore(Instant.EPOCH) ? Instant.EPOCH : from;
    }

    private static Instant time(String pointer, String text, boolean toItsEnd) {
        try {
            // A plus sign in an address that was not escaped arrives as a space.
            String wanted = text.strip().replace(' ', '+');
            Instant time = wanted.length() == 10
                    ? LocalDate.parse(wanted)
                            .plusDays(toItsEnd ? 1 : 0)
                            .atStartOfDay(ZoneOffset.UTC)
                            .toInstant()
                    : OffsetDateTime.parse(wanted).toInstant();
            if (time.isBefore(Instant.EPOCH) || !time.isBefore(LATEST)) {
                throw new DateTimeException("no database stores it");
            }
            return time;
        } catch (DateTimeException broken) {
            throw Problem.invalid(pointer, "is a day like 2026-11-24 or a time like 2026-11-24T09:00:00Z");
        }
    }

    private static boolean isGiven(String text) {
        return text != null && !text.isBlank();
    }
}
