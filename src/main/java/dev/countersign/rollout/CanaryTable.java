package dev.countersign.rollout;

import dev.countersign.observe.CanaryMetric;
import dev.countersign.release.Release;
import dev.countersign.workflow.Decisions;
import java.util.List;
import java.util.Map;

/** How a release's canary is compared with its baseline, by the table that the release began with. */
final class CanaryTable {
    private static final String TABLE = "canary-metrics";

    private CanaryTable() {}

    /**
     * Empty only for a release that began before there was such a table.
     *
     * @throws IllegalStateException where the table has no row for the facts: a comparison without metrics would pass everything
     */
    static List<CanaryMetric> metrics(Decisions decisions, Release release, Map<String, Object> facts) {
        if (!decisions.knows(release.policy(), TABLE)) {
            return List.of();
        }
        Decisions.Answered answered = decisions.ask(release.policy(), TABLE, facts);
        if (answered.rows().isEmpty()) {
            throw new IllegalStateException("The table %s has no metric for %s".formatted(TABLE, facts));
        }
        return answered.rows().stream()
                .map(row -> new CanaryMetric(
                        String.valueOf(row.get("metric")),
                        String.valueOf(row.get("rule")),
                        String.valueOf(row.get("worse")),
                        number(row, "tolerated"),
                        number(row, "minimumRate"),
                        number(row, "minimumShiftMs"),
                        number(row, "alpha"),
                        truth(row, "critical"),
                        answered.version()))
                .toList();
    }

    private static boolean truth(Map<String, Object> row, String column) {
        if (row.get(column) instanceof Boolean truth) {
            return truth;
        }
        throw new IllegalStateException(
                "The table %s says neither true nor false in %s: %s".formatted(TABLE, column, row));
    }

    private static double number(Map<String, Object> row, String column) {
        if (row.get(column) instanceof Number number) {
            return number.doubleValue();
        }
        throw new IllegalStateException("The table %s has no number in %s: %s".formatted(TABLE, column, row));
    }
}
