package dev.countersign.release;

import dev.countersign.workflow.Answer;
import dev.countersign.workflow.HumanTask;
import dev.countersign.workflow.OpenTask;
import dev.countersign.workflow.TaskRefused;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** What is missing for the clearance, and what to do about it. */
@Component
class ResolveRefusedClearance implements HumanTask {
    private final JdbcReleases releases;
    private final Dossiers dossiers;
    private final ObjectProvider<ClearanceCondition> conditions;
    private final Timeline timeline;
    private final Clock clock;

    ResolveRefusedClearance(
            JdbcReleases releases,
            Dossiers dossiers,
            ObjectProvider<ClearanceCondition> conditions,
            Timeline timeline,
            Clock clock) {
        this.releases = releases;
        this.dossiers = dossiers;
        this.conditions = conditions;
        this.timeline = timeline;
        this.clock = clock;
    }

    @Override
    public String id() {
        return "resolveRefusedClearance";
    }

    @Override
    public Map<String, Object> briefing(OpenTask task) {
        Release release = releases.get(task.releaseKey());
        String digest = dossiers.of(task.releaseKey()).digest();
        List<Map<String, String>> missing = conditions.stream()
                .flatMap(condition -> condition.missing(release, digest).stream())
                .map(what -> Map.of("missing", what))
                .toList();
        Map<String, Object> briefing = new HashMap<>();
        briefing.put("releaseKey", release.key());
        briefing.put("service", release.service());
        briefing.put("summary", release.summary());
        briefing.put("dossier", digest);
        briefing.put("missing", missing);
        return briefing;
    }

    @Override
    public Map<String, Object> complete(OpenTask task, Answer answer) {
        boolean again = "again".equals(answer.text("choice"));
        Instant start = time(answer, "windowStart");
        Instant end = time(answer, "windowEnd");
        if (start != null || end != null) {
            if (start != null && end != null && !start.isBefore(end)) {
                throw TaskRefused.invalid("windowEnd", "The window must end after it starts");
            }
            if (end != null && end.isBefore(clock.instant())) {
                throw TaskRefused.invalid("windowEnd", "The window must not have ended");
            }
            releases.window(task.releaseKey(), start, end);
            dossiers.changed(task.releaseKey(), "a new window");
        }
        timeline.record(
                task.releaseKey(),
                "clearance.resolved",
                answer.actor(),
                again ? "The clearance begins again: " + answer.text("reason") : "Given up: " + answer.text("reason"),
                Map.of());
        return Map.of("clearAgain", again);
    }

    private static Instant time(Answer answer, String field) {
        String value = answer.text(field);
        try {
            return value == null ? null : OffsetDateTime.parse(value).toInstant();
        } catch (DateTimeParseException broken) {
            throw TaskRefused.invalid(field, "must be a time such as 2026-11-24T20:00+01:00");
        }
    }
}
