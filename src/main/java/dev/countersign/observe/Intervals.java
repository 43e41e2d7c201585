package dev.countersign.observe;

import java.time.Duration;
import java.time.Instant;

/**
 * Whole intervals within a time, on the borders that all minutes have: what is counted of a part looks like less.
 *
 * @param first where the first one begins
 * @param last where the last one ends
 */
public record Intervals(Instant first, Instant last, Duration length) {
    public static Intervals within(Instant from, Instant until, Duration length) {
        long step = length.toSeconds();
        long begin = -Math.floorDiv(-from.getEpochSecond() - (from.getNano() > 0 ? 1 : 0), step) * step;
        return new Intervals(
                Instant.ofEpochSecond(begin),
                Instant.ofEpochSecond(Math.floorDiv(until.getEpochSecond(), step) * step),
                length);
    }

    /** Whether a length is whole seconds that a minute is a multiple of. */
    public static boolean isLength(Duration length) {
        return length.getNano() == 0 && length.toSeconds() > 0 && 60 % length.toSeconds() == 0;
    }

    public boolean isEmpty() {
        return !first.isBefore(last);
    }
}
