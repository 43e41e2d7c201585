package dev.countersign.incident;

import dev.countersign.incident.Incidents.Incident;
import dev.countersign.release.Release;
import dev.countersign.release.Releases;
import dev.countersign.workflow.Answer;
import dev.countersign.workflow.HumanTask;
import dev.countersign.workflow.OpenTask;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.stereotype.Component;

/** The owner of an action says what was done. */
@Component
class CompleteAction implements HumanTask {
    private final FollowUps followUps;
    private final PostMortems postMortems;
    private final Releases releases;

    CompleteAction(FollowUps followUps, PostMortems postMortems, Releases releases) {
        this.followUps = followUps;
        this.postMortems = postMortems;
        this.releases = releases;
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
        followUps.complete(task.releaseKey(), idOf(task), answer.actor(), answer.text("result"));
        return Map.of();
    }

    private static long idOf(OpenTask task) {
        return Long.parseLong(task.text("action"));
    }
}
