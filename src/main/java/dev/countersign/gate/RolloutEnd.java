package dev.countersign.gate;

import dev.countersign.catalog.Catalog;
import dev.countersign.catalog.Service;
import dev.countersign.release.Release;
import dev.countersign.workflow.Decisions;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;
import org.springframework.stereotype.Component;

/** When the rollout of a release, and the time in which it settles, can be over at the latest: by its window and by the tables of its plan. */
@Component
class RolloutEnd {
    private static final String PLAN = "rollout-plan";
    private final Decisions decisions;
    private final Catalog catalog;

    RolloutEnd(Decisions decisions, Catalog catalog) {
        this.decisions = decisions;
        this.catalog = catalog;
    }

    /** At the latest: it begins at the end of its window, and each step takes as long as it may. */
    Instant of(Release release, Instant now) {
        return latestBegin(release, now).plus(longest(release));
    }

    static Instant latestBegin(Release release, Instant now) {
        Instant begin = release.windowEnd() == null ? release.windowStart() : release.windowEnd();
        return begin == null || begin.isBefore(now) ? now : begin;
    }

    /** How long the steps of the plan may take together, without the time in which the release settles. */
    Duration longestRollout(Release release) {
        return longest(release, PLAN, facts(release));
    }

    String planVersion(Release release) {
        return decisions.ask(release.policy(), PLAN, facts(release)).version();
    }

    private Duration longest(Release release) {
        Map<String, Object> facts = facts(release);
        return longest(release, PLAN, facts).plus(longest(release, "stabilisation", facts));
    }

    private Map<String, Object> facts(Release release) {
        return Map.of(
                "tier",
                GatePolicy.tier(release),
                "target",
                catalog.service(release.service()).map(Service::target).orElse("production"),
                "flagged",
                release.isFlagged());
    }

    private Duration longest(Release release, String table, Map<String, Object> facts) {
        return decisions.ask(release.policy(), table, facts).rows().stream()
                .map(row -> duration(row.get("maximum")))
                .reduce(Duration.ZERO, Duration::plus);
    }

    private static Duration duration(Object text) {
        try {
            return text == null ? Duration.ZERO : Duration.parse(String.valueOf(text));
        } catch (DateTimeParseException unreadable) {
            // The rollout refuses such a plan; until then nothing is made shorter by it.
            return Duration.ofDays(1);
        }
    }
}
