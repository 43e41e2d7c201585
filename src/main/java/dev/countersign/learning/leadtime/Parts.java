package dev.countersign.learning.leadtime;

import java.time.Duration;

/**
 * Where the lead time of a merged change went. A part that is not known is null, never zero; where all four are known they add up to the cycle.
 *
 * @param coding from its first commit until it was proposed
 * @param pickup from then until somebody else first said something
 * @param review from then until it was merged; not known where nobody said anything
 * @param deploy from the merge until the deployment that brought it had finished
 * @param cycle from the earlier of its first commit and its proposal until it was deployed; until it was merged where it was not deployed after that
 */
public record Parts(Duration coding, Duration pickup, Duration review, Duration deploy, Duration cycle) {
    private static final long MINUTE = 60;

    /** Begun minutes count whole; null stays null. */
    static Long minutes(Duration part) {
        if (part == null) {
            return null;
        }
        long whole = part.getSeconds() / MINUTE;
        return part.compareTo(Duration.ofMinutes(whole)) > 0 ? whole + 1 : whole;
    }
}
