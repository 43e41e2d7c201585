package dev.countersign.learning;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What the teams learned from a release. */
public interface Retrospectives {
    /** Empty where the release has not come so far. */
    Optional<Retrospective> of(String releaseKey);

    /**
     * @param summary null until it is summarised
     * @param improvements what should change; null where nothing should
     * @param outcomes computed figures, frozen at the summary
     */
    record Retrospective(
            String releaseKey,
            Instant openedAt,
            List<Input> inputs,
            List<Outcome> outcomes,
            List<Rating> ratings,
            String summary,
            String improvements,
            String summarisedBy,
            Instant summarisedAt) {}

    /** @param person null where the team stayed silent */
    record Input(String team, String person, String wentWell, String toImprove, String onGates, Instant givenAt) {
        public boolean isSilent() {
            return person == null;
        }
    }

    /**
     * A figure that the platform computed.
     *
     * @param value with its unit, for example {@code 12 min 3 s}; says so where there is none
     * @param target null where none was declared
     */
    record Outcome(String name, String value, String target) {}

    /** @param kind {@code gate} or {@code approval} */
    record Rating(String kind, String name, Effect effect, String comment) {}

    /** What a gate or an approval was worth in this release. */
    enum Effect {
        /** It found something, or gave well-founded confidence. */
        EFFECTIVE,
        /** It changed nothing here. */
        NEUTRAL,
        /** It cost more than it gave, or let something through. */
        INEFFECTIVE,
        NOT_RATED
    }
}
