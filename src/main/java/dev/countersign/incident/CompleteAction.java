package dev.countersign.incident;

import dev.countersign.identity.Actors;
import dev.countersign.identity.Role;
import dev.countersign.incident.Incidents.Incident;
import dev.countersign.release.Release;
import dev.countersign.release.Releases;
import dev.countersign.workflow.Answer;
import dev.countersign.workflow.HumanTask;
import dev.countersign.workflow.OpenTask;
import dev.countersign.workflow.TaskRefused;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.stereotype.Component;

/** The owner of an action says what was done. */
@Component
class CompleteAction implements HumanTask {
    private final FollowUps followUps;
    private final PostMortems postMortems;
    private final Releases releases;
    private final Actors actors;

    CompleteAction(FollowUps followUps, PostMortems postMortems, Releases releases, Actors actors) {
        this.followUps = followUps;
        this.postMortems = postMortems;
        this.releases = releases;
        this.actors = actors;
    }

    @Override
    public String id() {
        return "completeAction";
    }

    @Override
    public Map<String, Object> briefing(OpenTask task) {
        Release release = releases.get(task.releaseKey());
        Incident incident = postMortems.incidentOf(release.key());
        FollowUp action = followUps.get(idOf(task));
        var shown = new LinkedHashMap<String, Object>();
        shown.put("releaseKey", release.key());
        shown.put("service", release.service());
        shown.put("summary", release.summary() == null ? "" : release.summary());
        shown.put("incident", incident.key());
        shown.put("cause", incident.cause());
        shown.put("actionText", action.text());
        shown.put("actionType", action.type());
        shown.put("actionOwner", action.owner());
        shown.put("actionDue", IncidentNotices.lastDay(action.due()));
        return shown;
    }

    @Override
    public Map<String, Object> complete(OpenTask task, Answer answer) {
        checkOwner(task.releaseKey(), followUps.get(idOf(task)), answer.actor());
        followUps.complete(task.releaseKey(), idOf(task), answer.actor(), answer.text("result"));
        return Map.of();
    }

    /** The owner, a person or a group, whomever the model asked; facilitators where nobody is left who could. */
    private void checkOwner(String releaseKey, FollowUp action, String person) {
        if (!action.incidentKey().equals(postMortems.incidentOf(releaseKey).key())) {
            throw TaskRefused.forbidden("The action '%s' is not one of %s".formatted(action.text(), releaseKey));
        }
        boolean owns = action.ownedByGroup()
                ? actors.currentGroups().contains(action.owner())
                : action.owner().equals(person);
        if (!owns && !(followUps.isOrphaned(action) && actors.has(Role.FACILITATOR))) {
            throw TaskRefused.forbidden("The action '%s' belongs to %s".formatted(action.text(), action.owner()));
        }
    }

    private static long idOf(OpenTask task) {
        return Long.parseLong(task.text("action"));
    }
}
