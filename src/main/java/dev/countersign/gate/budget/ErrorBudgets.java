package dev.countersign.gate.budget;

import dev.countersign.observe.SloStates.SloState;
import dev.countersign.release.Release;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** What a service may still break of what it promised, what a rollout may cost of it, and whether policy lets a release begin. */
public interface ErrorBudgets {
    /** By the tables that the release runs under. */
    Standing of(Release release);

    /** A standard release of the service that began now, by the tables in force. */
    Closure ofService(String service);

    /** Why the service is closed for this release, in a sentence; null where it is open, or where the release's tables know no such rule. */
    String against(Release release);

    /**
     * As {@link #against}, of a release whose rollout is about to begin.
     *
     * @throws IOException where the service is closed only because what is left of what it promised is not known now
     */
    String againstNow(Release release) throws IOException;

    /**
     * @param budget {@code left}, {@code spent}, {@code unknown}, {@code none}, {@code partial} or {@code first}: what the table was asked
     * @param because of which objectives, in words
     * @param rule what the table says, in words
     * @param ruleVersion null where the release began under tables that know no such rule
     */
    record Closure(String service, String budget, boolean closed, String because, String rule, String ruleVersion) {
        public String sentence() {
            return "%s is %s for it: %s%s%s"
                    .formatted(
                            service,
                            closed ? "closed" : "open",
                            because,
                            rule == null ? "" : "; " + rule,
                            ruleVersion == null ? "" : " (" + ruleVersion + ")");
        }
    }

    /**
     * @param forecast null where the tables of the plan cannot be read
     * @param lines one for each objective, in the catalog's order
     */
    record Standing(Closure closure, Forecast forecast, List<Line> lines) {
        public Standing {
            lines = List.copyOf(lines);
        }
    }

    /** @param cost null where there is no forecast */
    record Line(SloState state, Cost cost) {
        public String objective() {
            return state.name();
        }

        /** {@code NO_DATA}, {@code PAGE}, {@code TICKET}, {@code EXHAUSTED} or {@code OK}. */
        public String verdict() {
            return state.state();
        }

        /** 1 is untouched, 0 is spent; null where nobody knows. */
        public Double left() {
            return state.budgetRemaining();
        }

        /** Why nobody knows; null where it is known. */
        public String trouble() {
            return state.trouble();
        }

        /** Whether the rollout, at its worst and as planned, may cost more than there is. */
        public boolean isTooDear() {
            return cost != null && state.budgetRemaining() != null && cost.planned() > state.budgetRemaining();
        }
    }

    /**
     * What of a budget a rollout may cost at worst: share × time × the worst ratio of bad requests that does not roll it back, at the traffic of an average hour.
     *
     * @param worst bad of all requests of the candidate that the triggers tolerate
     * @param planned of the whole budget, where each step passes when it may; 1 is all of it
     * @param longest the same where each step takes as long as it may
     */
    record Cost(String objective, double worst, double planned, double longest) {}

    /** @param parts steps, and the time in which all users are on it and it settles */
    record Forecast(List<Exposure> parts, List<Cost> costs, String version) {
        public Forecast {
            parts = List.copyOf(parts);
            costs = List.copyOf(costs);
        }
    }

    /** @param share of the users on the candidate */
    record Exposure(String what, double share, Duration planned, Duration longest) {}
}
