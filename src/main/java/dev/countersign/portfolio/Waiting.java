package dev.countersign.portfolio;

import dev.countersign.incident.ReportedIncidents;
import dev.countersign.workflow.PolicyChanges;
import java.time.Instant;
import java.util.List;

/**
 * A task that waits for a person: whose move it is, until when, and what happens then.
 *
 * @param process id of the process definition, for example {@code readiness-review}
 * @param groups whoever of these may answer; empty where a person is assigned
 * @param due null where the model sets none
 * @param escalatesAt when the next timer at the task fires; null without one
 * @param escalatesTo what it leads to, by its name in the model
 */
record Waiting(
        String taskId,
        String taskKey,
        String name,
        String releaseKey,
        String process,
        String assignee,
        List<String> groups,
        int priority,
        Instant since,
        Instant due,
        Instant escalatesAt,
        String escalatesTo) {
    public String who() {
        return assignee != null ? assignee : groups.isEmpty() ? "nobody" : String.join(" or ", groups);
    }

    /** The page of what the task is about. */
    public String page() {
        if (ReportedIncidents.isOne(releaseKey)) {
            return "/incidents/" + releaseKey;
        }
        return PolicyChanges.isChange(releaseKey)
                ? "/operations/changes/" + releaseKey.substring(PolicyChanges.KEY.length())
                : "/releases/" + releaseKey;
    }

    Waiting withEscalation(Instant at, String to) {
        return new Waiting(taskId, taskKey, name, releaseKey, process, assignee, groups, priority, since, due, at, to);
    }
}
