package dev.countersign.observe;

import dev.countersign.observe.MetricsSource.Sample;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * What was measured of candidate and baseline at the same time. A hole on one side takes the other side's measurements out of the comparison: errors of one
 * without those of the other would look like a difference. Shorter silence is a version that nobody asked for a moment.
 */
final class Concurrent {
    private Concurrent() {}

    /** @param end of the measurements */
    record Both(
            Instant end, long candidateRequests, long candidateErrors, long baselineRequests, long baselineErrors) {}

    private record Hole(Instant from, Instant to) {
        boolean swallows(Sample sample) {
            return !sample.at().isBefore(from) && sample.at().isBefore(to);
        }
    }

    /** By time, up to where both are known. */
    static List<Both> of(List<Sample> candidate, List<Sample> baseline, Instant since, Duration hole) {
        Instant known = Gaps.earlier(Gaps.knownUntil(candidate, since), Gaps.knownUntil(baseline, since));
        TreeMap<Instant, Both> both = new TreeMap<>();
        add(both, candidate, holes(baseline, since, hole), known, true);
        add(both, baseline, holes(candidate, since, hole), known, false);
        return List.copyOf(both.values());
    }

    private static void add(
            TreeMap<Instant, Both> both, List<Sample> samples, List<Hole> holes, Instant known, boolean candidate) {
        int next = 0;
        for (Sample sample : samples) {
            while (next < holes.size() && !holes.get(next).to().isAfter(sample.at())) {
                next++;
            }
            boolean alone = next < holes.size() && holes.get(next).swallows(sample);
            if (!alone && !sample.end().isAfter(known)) {
                Both own = candidate
                        ? new Both(sample.end(), sample.requests(), sample.errors(), 0, 0)
                        : new Both(sample.end(), 0, 0, sample.requests(), sample.errors());
                both.merge(sample.end(), own, Concurrent::sum);
            }
        }
    }

    private static Both sum(Both one, Both other) {
        return new Both(
                one.end,
                one.candidateRequests + other.candidateRequests,
                one.candidateErrors + other.candidateErrors,
                one.baselineRequests + other.baselineRequests,
                one.baselineErrors + other.baselineErrors);
    }

    private static List<Hole> holes(List<Sample> samples, Instant since, Duration hole) {
        List<Hole> holes = new ArrayList<>();
        Instant known = since;
        for (Sample sample : samples) {
            if (!sample.at().isBefore(known.plus(hole))) {
                holes.add(new Hole(known, sample.at()));
            }
            known = Gaps.later(known, sample.end());
        }
        return holes;
    }
}
