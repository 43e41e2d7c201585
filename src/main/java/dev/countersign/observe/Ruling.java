package dev.countersign.observe;

import dev.countersign.observe.Observations.Judgement;
import java.time.Instant;

/**
 * @param unbrokenSince null while no window runs
 * @param last the observation is over
 */
record Ruling(Judgement judgement, Instant unbrokenSince, boolean last) {
    static Ruling open(Judgement judgement, Instant unbrokenSince) {
        return new Ruling(judgement, unbrokenSince, false);
    }

    boolean is(Outcome outcome) {
        return outcome.name().equals(judgement.verdict());
    }
}
