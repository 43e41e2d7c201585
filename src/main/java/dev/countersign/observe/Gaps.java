package dev.countersign.observe;

import dev.countersign.observe.MetricsSource.Sample;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Holes in the data, from one latency window's length on. */
final class Gaps {
    private Gaps() {}

    /** Where measuring began again after the last hole, the one before the first sample too; null where there is none. */
    static Instant restart(List<Sample> samples, Instant since, Duration hole) {
        Instant restart = null;
        Instant known = since;
        for (Sample sample : samples) {
            if (!sample.at().isBefore(known.plus(hole))) {
                restart = sample.at();
            }
            known = later(known, sample.end());
        }
        return restart;
    }

    /** Up to where there are samples. */
    static Instant knownUntil(List<Sample> samples, Instant since) {
        return samples.isEmpty() ? since : samples.get(samples.size() - 1).end();
    }

    static Instant later(Instant one, Instant other) {
        return other == null || one != null && one.isAfter(other) ? one : other;
    }

    static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }
}
