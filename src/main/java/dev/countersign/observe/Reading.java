package dev.countersign.observe;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * What an observation knows of both versions beside their requests, counted since it began. Stored with it, so that its verdict can be repeated.
 *
 * @param metric as in the table {@code canary-metrics}; a business figure as {@code kpi} and its id
 * @param until counted up to here; null where nothing is yet
 * @param every what one count covers: the newest is that old at most while they come; null where nothing is yet
 * @param season events for each unit in the same hours of the weeks before, as far as they are known; empty for real users' measurements
 * @param hours what the candidate did in the hours of the window, for figures that are held against a season: a long wait is not compared with the hour in which it ends
 */
record Reading(
        String metric,
        Instant until,
        Duration every,
        Counts candidate,
        Counts baseline,
        List<Double> season,
        List<Hour> hours) {
    /** Weeks that a season has. */
    static final int WEEKS = 4;

    private static final int BEYOND_CHANCE = 7;

    Reading {
        season = season == null ? List.of() : List.copyOf(season);
        hours = hours == null ? List.of() : List.copyOf(hours);
    }

    /** Of what is held against no season. */
    Reading(String metric, Instant until, Duration every, Counts candidate, Counts baseline, List<Double> season) {
        this(metric, until, every, candidate, baseline, season, List.of());
    }

    /** @param at where it begins */
    record Hour(Instant at, double events, double units) {
        boolean endsBefore(Instant time) {
            return !at.plus(1, ChronoUnit.HOURS).isAfter(time);
        }
    }

    /**
     * @param counted events of a business figure, or errors of pages; sources that extrapolate count parts of them
     * @param units visits, or pages
     * @param values of pages, as {@link Latencies} writes them; null for business figures
     * @param until the end of the newest count that had units; null where none had any
     * @param resumed where units came again after the last hole; null where there was none
     */
    record Counts(double counted, double units, String values, Instant until, Instant resumed) {
        static final Counts NONE = new Counts(0, 0, null, null);

        /** Without a hole. */
        Counts(double counted, double units, String values, Instant until) {
            this(counted, units, values, until, null);
        }

        /**
         * @param since nothing can have come before
         * @param patience a hole is at least that long, and longer than chance makes it where little comes
         */
        Counts and(MetricsSource.Counted more, Instant since, Duration patience) {
            if (more.of() <= 0) {
                return new Counts(counted + more.events(), units + more.of(), values, until, resumed);
            }
            Instant known = until == null ? since : until;
            Duration hole = hole(patience, Duration.between(since, more.end()), units + more.of());
            return new Counts(
                    counted + more.events(),
                    units + more.of(),
                    values,
                    Gaps.later(more.end(), until),
                    more.at().isBefore(known.plus(hole)) ? resumed : more.at());
        }

        /** Nothing came for longer than it may take, at a time after this one. */
        boolean hasHoleAfter(Instant time) {
            return resumed != null && resumed.isAfter(time);
        }

        /** Nothing has come for so long that what is counted says nothing of now. */
        boolean isSilent(Instant now, Duration patience) {
            return until == null || !now.isBefore(until.plus(patience));
        }

        long events() {
            return Math.round(counted);
        }

        long of() {
            return Math.round(units);
        }

        double rate() {
            return units == 0 ? 0 : counted / units;
        }

        Latencies latencies() {
            return values == null ? Latencies.NONE : Latencies.parse(values);
        }
    }

    static Reading begin(String metric) {
        return new Reading(metric, null, null, Counts.NONE, Counts.NONE, List.of());
    }

    /** What is held against the season. */
    Counts seasoned() {
        return hours.isEmpty()
                ? candidate
                : new Counts(
                        hours.stream().mapToDouble(Hour::events).sum(),
                        hours.stream().mapToDouble(Hour::units).sum(),
                        null,
                        candidate.until());
    }

    /** As long as a hole in the requests; or as old as the newest count grows before the next one is over and known. */
    static Duration patience(Duration every, Observations.Triggers triggers) {
        Duration two = every == null ? Duration.ZERO : every.multipliedBy(2);
        return two.compareTo(triggers.latencyWindow()) > 0 ? two : triggers.latencyWindow();
    }

    /** Where little comes, nothing for a while is chance. At seven times the mean distance it is that once in a thousand times (e⁻⁷). */
    static Duration hole(Duration patience, Duration elapsed, double units) {
        Duration chance = units <= 0 ? elapsed : Duration.ofMillis((long) (BEYOND_CHANCE * elapsed.toMillis() / units));
        return chance.compareTo(patience) > 0 ? chance : patience;
    }

    /** Null where fewer weeks are known than a season has. */
    Double median() {
        if (season.size() < WEEKS) {
            return null;
        }
        List<Double> sorted = season.stream().sorted().toList();
        return (sorted.get(WEEKS / 2 - 1) + sorted.get(WEEKS / 2)) / 2;
    }
}
