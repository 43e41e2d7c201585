package dev.countersign.observe.correlation;

import java.time.Instant;

/**
 * When something began to go wrong.
 *
 * @param at the most likely moment
 * @param earliest with {@code latest} the interval that holds the moment with a confidence of 95 %
 * @param before events for each unit of exposure until then
 * @param after events for each unit of exposure since
 * @param chance that noise alone looks like it anywhere in what was searched, at most
 */
public record Onset(Instant at, Instant earliest, Instant latest, double before, double after, double chance) {
    boolean isOverBefore(Instant moment) {
        return latest.isBefore(moment);
    }

    boolean isSurelyBefore(Onset other) {
        return latest.isBefore(other.earliest);
    }
}
