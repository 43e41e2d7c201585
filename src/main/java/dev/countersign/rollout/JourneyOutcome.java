package dev.countersign.rollout;

import dev.countersign.observe.SyntheticJourneys.Side;
import dev.countersign.observe.SyntheticJourneys.Walk;
import dev.countersign.release.Release;
import dev.countersign.workflow.Decisions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the journeys of a step lead to, by the table {@code journey-outcomes} that the release began with. The gravest of all journeys counts. What the table does not
 * answer, or in a word that nobody knows, holds.
 *
 * @param action what leads on in the model
 * @param because the journeys that led there, and the table's version
 */
record JourneyOutcome(Action action, String because) {
    private static final String TABLE = "journey-outcomes";

    /** By gravity. */
    enum Action {
        CONTINUE,
        HOLD,
        ROLLBACK;

        String id() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }

        static Action of(Object word) {
            for (Action action : values()) {
                if (action.id().equals(word)) {
                    return action;
                }
            }
            return HOLD;
        }
    }

    static JourneyOutcome of(Decisions decisions, Release release, String target, List<Walk> walks) {
        Map<String, Map<Side, Walk>> journeys = new LinkedHashMap<>();
        walks.forEach(walk -> journeys.computeIfAbsent(walk.journey(), journey -> new LinkedHashMap<>())
                .put(walk.side(), walk));
        JourneyOutcome gravest = new JourneyOutcome(Action.CONTINUE, null);
        for (Map<Side, Walk> sides : journeys.values()) {
            JourneyOutcome outcome = of(decisions, release, target, sides);
            if (outcome.action().compareTo(gravest.action()) > 0) {
                gravest = outcome;
            }
        }
        return gravest;
    }

    /** Of these walks, for the timeline. */
    String told(List<Walk> walked) {
        long passed = walked.stream().filter(Walk::passed).count();
        return action == Action.CONTINUE && passed == walked.size()
                ? "every journey passed on the canary and on the stable version (%d walks)".formatted(passed)
                : "%d of %d journeys passed%s"
                        .formatted(passed, walked.size(), because == null ? "" : ". " + because + " → " + action.id());
    }

    private static JourneyOutcome of(Decisions decisions, Release release, String target, Map<Side, Walk> sides) {
        Walk canary = sides.get(Side.CANARY);
        Walk stable = sides.get(Side.STABLE);
        if (!decisions.knows(release.policy(), TABLE)) {
            // A release that began before there was such a table.
            boolean well = canary.passed() && stable.passed();
            return new JourneyOutcome(well ? Action.CONTINUE : Action.HOLD, told(canary, stable, "no table"));
        }
        Decisions.Answered answered = decisions.ask(
                release.policy(),
                TABLE,
                Map.of(
                        "canary", canary.verdict(),
                        "stable", stable.verdict(),
                        "tier", release.tier(),
                        "target", target));
        Object word = answered.rows().isEmpty() ? null : answered.rows().get(0).get("action");
        return new JourneyOutcome(Action.of(word), told(canary, stable, answered.version()));
    }

    private static String told(Walk canary, Walk stable, String rule) {
        return "%s. %s (%s)".formatted(canary.sentence(), stable.sentence(), rule);
    }
}
