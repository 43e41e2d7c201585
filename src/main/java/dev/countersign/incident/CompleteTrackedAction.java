package dev.countersign.incident;

import dev.countersign.identity.Actors;
import dev.countersign.identity.Role;
import dev.countersign.release.Release;
import dev.countersign.release.Releases;
import dev.countersign.workflow.Answer;
import dev.countersign.workflow.HumanTask;
import dev.countersign.workflow.OpenTask;
import dev.countersign.workflow.TaskRefused;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.stereotype.Component;

/** The owner of a tracked action says what was done. */
@Component
class CompleteTrackedAction implements HumanTask {
    private final TrackedActionStore actions;
    private final StoredTracking tracking;
    private final Releases releases;
    private final Actors actors;

    CompleteTrackedAction(TrackedActionStore actions, StoredTracking tracking, Releases releases, Actors actors) {
        this.actions = actions;
        this.tracking = tracking;
        this.releases = releases;
        this.actors = actors;
    }

    @Override
    public String id() {
        return "completeTrackedAction";
    }

    @Override
    public Map<String, Object> briefing(OpenTask task) {
        Release release = releases.get(task.releaseKey());
        TrackedAction action = of(task);
        var shown = new LinkedHashMap<String, Object>();
        shown.put("releaseKey", release.key());
        shown.put("service", release.service());
        shown.put("summary", release.summary() == null ? "" : release.summary());
        shown.put("because", action.because());
        shown.put("actionText", action.text());
        shown.put("actionOwner", action.owner());
        shown.put("actionDue", IncidentNotices.lastDay(action.due()));
        return shown;
    }

    @Override
    public Map<String, Object> complete(OpenTask task, Answer answer) {
        TrackedAction action = of(task);
        if (!action.releaseKey().equals(task.releaseKey())) {
            throw TaskRefused.forbidden("The action '%s' is not one of %s".formatted(action.text(), task.releaseKey()));
        }
        boolean owns = action.ownedByGroup()
                ? actors.currentGroups().contains(action.owner())
                : action.owner().equals(answer.actor());
        if (!owns && !(tracking.isOrphaned(action) && actors.has(Role.HEAD_OF_OPERATIONS))) {
            throw TaskRefused.forbidden("The action '%s' belongs to %s".formatted(action.text(), action.owner()));
        }
        tracking.complete(action, answer.actor(), answer.text("result"));
        return Map.of();
    }

    private TrackedAction of(OpenTask task) {
        return actions.get(Long.parseLong(task.text("tracked")));
    }
}
