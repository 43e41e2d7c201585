package dev.countersign.learning;

import dev.countersign.learning.Checks.Check;
import dev.countersign.learning.Retrospectives.Effect;
import dev.countersign.learning.Retrospectives.Rating;
import dev.countersign.workflow.TaskRefused;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.springframework.stereotype.Component;

/** The rows in which each gate and approval is rated: exactly those that the release went through, each once. */
@Component
class Ratings {
    private final Checks checks;

    Ratings(Checks checks) {
        this.checks = checks;
    }

    /** Rows to fill in, one for each check. */
    List<Map<String, Object>> toGive(String releaseKey) {
        return checks.of(releaseKey).stream()
                .map(check -> Map.<String, Object>of("check", label(check)))
                .toList();
    }

    List<Rating> read(String releaseKey, List<Map<String, Object>> rows) {
        var open = new LinkedHashMap<String, Check>();
        checks.of(releaseKey).forEach(check -> open.put(label(check), check));
        List<Rating> ratings = rows.stream().map(row -> rating(open, row)).toList();
        if (!open.isEmpty()) {
            throw TaskRefused.invalid("ratings", "Not rated yet: " + String.join(", ", open.keySet()));
        }
        return ratings;
    }

    private static Rating rating(Map<String, Check> open, Map<String, Object> row) {
        String label = String.valueOf(row.get("check"));
        Check check = open.remove(label);
        if (check == null) {
            throw TaskRefused.invalid(
                    "ratings", "'" + label + "' is no gate or approval of this release, or is rated twice");
        }
        Object comment = row.get("comment");
        return new Rating(
                check.kind(), check.name(), effect(row.get("effect")), comment == null ? null : comment.toString());
    }

    private static Effect effect(Object value) {
        try {
            return Effect.valueOf(String.valueOf(value).toUpperCase(Locale.ROOT).replace('-', '_'));
        } catch (IllegalArgumentException unknown) {
            throw TaskRefused.invalid(
                    "ratings", "A rating is effective, neutral, ineffective or not-rated, not '" + value + "'");
        }
    }

    private static String label(Check check) {
        return "%s: %s".formatted("gate".equals(check.kind()) ? "Gate" : "Approval", check.name());
    }
}
