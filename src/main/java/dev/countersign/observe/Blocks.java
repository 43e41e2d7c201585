package dev.countersign.observe;

import dev.countersign.observe.MetricsSource.Sample;
import dev.countersign.observe.Observations.Triggers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A window cut into blocks: a sixth of it, five minutes at most. Neighbouring measurements are alike, so a block counts once; what remains of the window lies before the
 * first block.
 */
record Blocks(Instant from, Duration length, int count) {
    private static final int PARTS = 6;
    private static final Duration LONGEST = Duration.ofMinutes(5);

    static Blocks of(Instant from, Duration window) {
        Duration sixth = window.dividedBy(PARTS);
        Duration length = sixth.compareTo(LONGEST) < 0 ? sixth : LONGEST;
        int count = (int) (window.toMillis() / Math.max(1, length.toMillis()));
        return new Blocks(from.plus(window).minus(length.multipliedBy(count)), length, count);
    }

    Instant end(int block) {
        return from.plus(length.multipliedBy(block + 1L));
    }

    Instant end() {
        return end(count - 1);
    }

    /** Measurements by the block in which they began. */
    List<List<Sample>> split(List<Sample> samples) {
        List<List<Sample>> blocks = new ArrayList<>(count);
        for (int block = 0; block < count; block++) {
            blocks.add(new ArrayList<>());
        }
        for (Sample sample : samples) {
            if (!sample.at().isBefore(from) && sample.at().isBefore(end())) {
                long block = (sample.at().toEpochMilli() - from.toEpochMilli()) / Math.max(1, length.toMillis());
                blocks.get((int) Math.min(count - 1L, block)).add(sample);
            }
        }
        return blocks;
    }

    /** The trigger window's minimum, in proportion: a percentile of a handful of requests says nothing. */
    long enough(Triggers triggers) {
        double part = (double) length.toMillis() / triggers.errorWindow().toMillis();
        return Math.max(1, (long) Math.ceil(triggers.minRequests() * part));
    }
}
