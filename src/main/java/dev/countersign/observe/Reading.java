package dev.countersign.observe;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What an observation knows of both versions beside their requests, counted since it began. Stored with it, so that its verdict can be repeated.
 *
 * @param metric as in the table {@code canary-metrics}; a business figure as {@code kpi} and its id
 * @param until counted up to here; null where nothing is yet
 * @param every what one count covers: the newest is that old at most while they come; null where nothing is yet
 * @param season events for each unit in the same hour of the weeks before, as far as they are known; empty for real users' measurements
 */
record Reading(String metric, Instant until, Duration every, Counts candidate, Counts baseline, List<Double> season) {
    /** Weeks that a season has. */
    static final int WEEKS = 4;

    Reading {
        season = season == null ? List.of() : List.copyOf(season);
    }

    /**
     * @param counted events of a business figure, or errors of pages; sources that extrapolate count parts of them
     * @param units visits, or pages
     * @param values of pages, as {@link Latencies} writes them; null for business figures
     * @param until the end of the newest count that had units; null where none had any
     */
    record Counts(double counted, double units, String values, Instant until) {
        static final Counts NONE = new Counts(0, 0, null, null);

        Counts and(double moreEvents, double moreUnits, Instant end) {
            return new Counts(
                    counted + moreEvents, units + moreUnits, values, moreUnits > 0 ? Gaps.later(end, until) : until);
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

    /** Null where fewer weeks are known than a season has. */
    Double median() {
        if (season.size() < WEEKS) {
            return null;
        }
        List<Double> sorted = season.stream().sorted().toList();
        return (sorted.get(WEEKS / 2 - 1) + sorted.get(WEEKS / 2)) / 2;
    }
}
