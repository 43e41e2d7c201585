package dev.countersign.observe;

import dev.countersign.catalog.Slo;
import dev.countersign.observe.Budget.Count;
import dev.countersign.observe.MetricsSource.Events;
import dev.countersign.observe.MetricsSource.Tally;
import dev.countersign.observe.Objective.Ratio;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What an objective's own queries have counted since an observation began, in the slices that its error budget is counted in.
 *
 * @param until up to where its source has answered; null where it has not yet
 * @param every length of a slice, or of the interval in which occurrences are summed
 * @param ofCandidate whether all of it is of the candidate alone; else it is of the service as a whole
 * @param stretches what is known, by time; a slice of which a part is not known is absent
 * @param trouble why the last answer was none; null where it was one
 * @param tried when that was; null where it was one
 * @param quiet up to when there were events and no series of bad ones; null where that never was
 */
record OwnCount(
        String objective,
        Instant until,
        Duration every,
        boolean ofCandidate,
        List<Stretch> stretches,
        String trouble,
        Instant tried,
        Instant quiet) {
    /** What was no answer is asked for again, and not at each look. */
    private static final Duration AGAIN = Duration.ofSeconds(15);

    /** The longest window that a burn rate of a rollout looks at. */
    private static final Duration FINE = Duration.ofHours(1);

    private static final int COARSE_PARTS = 100;

    /** Zero of zero where nothing happened, and that is known. */
    record Stretch(Instant from, Instant to, double good, double total) {
        private Stretch and(Stretch next) {
            return new Stretch(from, next.to, good + next.good, total + next.total);
        }
    }

    static OwnCount begin(Objective objective, Duration interval) {
        return new OwnCount(
                objective.name(), null, every(objective.slo(), interval), true, List.of(), null, null, null);
    }

    static Duration every(Slo slo, Duration interval) {
        Duration slice = slo.timeSliceWindow();
        return slice == null || slice.compareTo(interval) < 0 ? interval : slice;
    }

    OwnCount failed(String because, Instant at) {
        return new OwnCount(objective, until, every, ofCandidate, stretches, because, at, quiet);
    }

    boolean isDue(Instant from, Instant settled) {
        return !from.plus(every).isAfter(settled)
                && (tried == null || !settled.isBefore(tried.plus(AGAIN)) || settled.isBefore(tried));
    }

    /**
     * What was counted since. Where an answer is in doubt its time stays a gap.
     *
     * @param from where it was asked for this observation
     * @param settled up to where its source's measurements are final
     * @param interval of one count
     * @param kept how far back it will be looked at
     */
    OwnCount and(
            Tally tally, Slo slo, Instant from, Instant settled, String candidate, Duration interval, Duration kept) {
        List<Events> own = tally.byVersion().get(candidate);
        Instant end = tally.until();
        if (end == null && own != null && !own.isEmpty()) {
            end = own.get(own.size() - 1).at().plus(interval);
        }
        if (end == null) {
            return failed(tally.trouble() == null ? "its source did not answer" : tally.trouble(), settled);
        }
        boolean alone = own != null && !own.isEmpty();
        Instant nothingBad = tally.quietOf(candidate);
        Instant lastQuiet = nothingBad == null ? quiet : Gaps.later(nothingBad, quiet);
        if (!alone && tally.trouble() != null) {
            return new OwnCount(
                    objective,
                    Gaps.later(end, until),
                    every,
                    ofCandidate,
                    stretches,
                    tally.trouble(),
                    nothingBad == null ? settled : null,
                    lastQuiet);
        }
        List<Stretch> known = new ArrayList<>(stretches);
        known.addAll(whole(alone ? own : tally.counts(), slo, from, end, interval));
        boolean nothing = stretches.isEmpty();
        return new OwnCount(
                objective,
                Gaps.later(end, until),
                every,
                nothing ? alone : ofCandidate && alone,
                shortened(known, end, kept, every),
                null,
                null,
                lastQuiet);
    }

    /** Whether requests tell it over that time: its source answers, and in a part of it knew no series of bad events though there were events. */
    boolean yieldsToRequests(Objective told, Instant from) {
        return tried == null && yieldedToRequests(told, from);
    }

    /** Whether requests told it then, whatever its source answers now. */
    boolean yieldedToRequests(Objective told, Instant from) {
        return quiet != null && quiet.isAfter(from) && told.isToldByRequests();
    }

    private List<Stretch> whole(List<Events> events, Slo slo, Instant from, Instant end, Duration interval) {
        Slices slices = new Slices(slo.budgeting(), every, slo.timeSliceTarget());
        List<Events> inside = events.stream()
                .filter(each -> !each.at().isBefore(from)
                        && !slices.floor(each.at()).plus(every).isAfter(end))
                .toList();
        Map<Instant, Long> parts = inside.stream()
                .collect(Collectors.groupingBy(each -> slices.floor(each.at()), TreeMap::new, Collectors.counting()));
        Map<Instant, Count> counts =
                slices.counts(inside).stream().collect(Collectors.toMap(Count::at, count -> count));
        List<Stretch> whole = new ArrayList<>();
        parts.forEach((at, number) -> {
            if (number >= every.toMillis() / interval.toMillis()) {
                Count count = counts.getOrDefault(at, new Count(false, at, 0, 0));
                whole.add(new Stretch(at, at.plus(every), count.good(), count.total()));
            }
        });
        return whole;
    }

    /** What nobody will look at is forgotten; what only the long window looks at is kept in fewer pieces. */
    private static List<Stretch> shortened(List<Stretch> known, Instant end, Duration kept, Duration every) {
        Duration part = kept.dividedBy(COARSE_PARTS);
        Duration two = every.multipliedBy(2);
        Duration piece = part.compareTo(two) < 0 ? two : part;
        Instant oldest = end.minus(kept.compareTo(FINE) > 0 ? kept : FINE).minus(piece);
        Instant fine = end.minus(FINE);
        List<Stretch> left = new ArrayList<>();
        for (Stretch each : known) {
            int last = left.size() - 1;
            if (!each.to().isAfter(oldest)) {
                continue;
            }
            if (last >= 0
                    && each.to().isBefore(fine)
                    && left.get(last).to().equals(each.from())
                    && Duration.between(left.get(last).from(), each.to()).compareTo(piece) <= 0) {
                left.set(last, left.get(last).and(each));
            } else {
                left.add(each);
            }
        }
        return List.copyOf(left);
    }

    /** Null where nothing happened, or nothing is known. */
    Ratio between(Instant from, Instant to) {
        double good = 0;
        double total = 0;
        for (Stretch each : stretches) {
            if (each.to().isAfter(from) && each.from().isBefore(to)) {
                good += each.good();
                total += each.total();
            }
        }
        return total == 0 ? null : new Ratio(good, total);
    }

    /** The first time of which nothing is known, from a hole's length on; null where there is none. The first slice begins after the observation. */
    Instant gap(Instant from, Instant to, Duration hole) {
        Instant known = from.plus(every);
        for (Stretch each : stretches) {
            if (each.to().isAfter(from) && each.from().isBefore(to)) {
                if (isHole(known, each.from(), hole)) {
                    return known;
                }
                known = Gaps.later(each.to(), known);
            }
        }
        return isHole(known, to, hole) ? known : null;
    }

    private boolean isHole(Instant known, Instant next, Duration hole) {
        Duration missing = Duration.between(known, next);
        return missing.compareTo(Duration.ZERO) > 0 && missing.compareTo(hole) >= 0;
    }
}
