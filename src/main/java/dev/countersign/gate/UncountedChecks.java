package dev.countersign.gate;

import dev.countersign.evidence.Evidence.Document;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Checks of the platform itself that compliance does not ask for: where the table {@code control-checks} says of one that it is not counted, and nothing else. What a tool reports cannot be left out so: whoever
 * configures the tool does that.
 */
final class UncountedChecks {
    /** In the place of a control. */
    static final String WORD = "not-counted";

    private static final String TOOL = "countersign";
    private static final List<String> COUNTS = List.of("passed", "failed", "error");

    private UncountedChecks() {}

    static Document without(Document document, Predicate<String> isUncounted) {
        if (!TOOL.equals(document.details().get("tool"))
                || !(document.details().get("results") instanceof Map<?, ?> results)) {
            return document;
        }
        Map<String, Object> summary = new HashMap<>(document.summary());
        Map<Object, Object> ran = copy(document.details().get("checks"));
        Map<Object, Object> failed = copy(document.details().get("failedChecks"));
        long left = 0;
        for (Map.Entry<?, ?> result : results.entrySet()) {
            String check = String.valueOf(result.getKey());
            if (isUncounted.test(check) && result.getValue() instanceof Map<?, ?> counts) {
                COUNTS.forEach(count -> take(summary, count, counts.get(count)));
                ran.remove(check);
                failed.remove(check);
                left++;
            }
        }
        if (left == 0) {
            return document;
        }
        summary.put("checksNotCounted", left);
        return document.with("checks", ran)
                .with("failedChecks", failed)
                .with(
                        summary,
                        document.findings().stream()
                                .filter(finding -> finding.rule() == null || !isUncounted.test(finding.rule()))
                                .toList());
    }

    private static void take(Map<String, Object> summary, String count, Object some) {
        if (some instanceof Number less && summary.get(count) instanceof Number all) {
            summary.put(count, all.longValue() - less.longValue());
            summary.computeIfPresent("checks", (name, sum) -> ((Number) sum).longValue() - less.longValue());
        }
    }

    private static Map<Object, Object> copy(Object counts) {
        return counts instanceof Map<?, ?> map ? new HashMap<>(map) : new HashMap<>();
    }
}
