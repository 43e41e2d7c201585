package dev.countersign.observe;

import dev.countersign.observe.Observations.Judgement;
import java.time.Instant;

/**
 * @param unbrokenSince null while no window runs
 * @param last the observation is over
 * @param score of the newest complete window that was asked for it; null where none was
 */
record Ruling(Judgement judgement, Instant unbrokenSince, boolean last, CanaryScore score) {
    Ruling(Judgement judgement, Instant unbrokenSince, boolean last) {
        this(judgement, unbrokenSince, last, null);
    }

    Ruling with(CanaryScore known) {
        return new Ruling(judgement, unbrokenSince, last, known);
    }

    static Ruling open(Judgement judgement, Instant unbrokenSince) {
        return new Ruling(judgement, unbrokenSince, false);
    }

    boolean is(Outcome outcome) {
        return outcome.name().equals(judgement.verdict());
    }
}
