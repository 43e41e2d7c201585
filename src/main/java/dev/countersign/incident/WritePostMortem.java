package dev.countersign.incident;

import dev.countersign.incident.Incidents.Incident;
import dev.countersign.incident.Incidents.Moment;
import dev.countersign.incident.Incidents.PostMortem;
import dev.countersign.release.Release;
import dev.countersign.release.Releases;
import dev.countersign.workflow.Answer;
import dev.countersign.workflow.HumanTask;
import dev.countersign.workflow.OpenTask;
import dev.countersign.workflow.TaskRefused;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/** The facilitator writes down what happened, why it could, and what will be changed. */
@Component
class WritePostMortem implements HumanTask {
    private final PostMortems postMortems;
    private final AgreedActions agreedActions;
    private final Releases releases;
    private final Clock clock;

    WritePostMortem(PostMortems postMortems, AgreedActions agreedActions, Releases releases, Clock clock) {
        this.postMortems = postMortems;
        this.agreedActions = agreedActions;
        this.releases = releases;
        this.clock = clock;
    }

    @Override
    public String id() {
        return "writePostMortem";
    }

    @Override
    public Map<String, Object> briefing(OpenTask task) {
        Release release = releases.get(task.releaseKey());
        Incident incident = postMortems.incidentOf(release.key());
        var shown = new LinkedHashMap<String, Object>();
        shown.put("releaseKey", release.key());
        shown.put("service", release.service());
        shown.put("summary", release.summary() == null ? "" : release.summary());
        shown.put("incident", incident.key());
        shown.put("severity", incident.severity());
        shown.put("cause", incident.cause());
        shown.put("detectedAt", IncidentNotices.MINUTE.format(incident.detectedAt()));
        shown.put("correlation", postMortems.correlationOf(release.key()));
        shown.put(
                "timeline",
                postMortems.momentsOf(release.key()).stream()
                        .map(WritePostMortem::row)
                        .toList());
        return shown;
    }

    private static Map<String, Object> row(Moment moment) {
        return Map.of("at", IncidentNotices.SECOND.format(moment.at()), "actor", moment.actor(), "text", moment.text());
    }

    @Override
    public Map<String, Object> complete(OpenTask task, Answer answer) {
        Incident incident = postMortems.incidentOf(task.releaseKey());
        List<FollowUp> agreed = agreedActions.read(incident, answer.list("actions"));
        String noActions = answer.text("noActionsBecause");
        if (agreed.isEmpty() && (noActions == null || noActions.isBlank())) {
            throw TaskRefused.invalid(
                    "actions", "Agree on at least one action, or say why nothing needs to change (noActionsBecause)");
        }
        postMortems.write(
                task.releaseKey(),
                new PostMortem(
                        answer.text("impact"),
                        postMortems.momentsOf(task.releaseKey()),
                        answer.text("contributingFactors"),
                        answer.text("rootCause"),
                        answer.text("wentWell"),
                        answer.text("wereLucky"),
                        agreed.isEmpty() ? noActions : null,
                        answer.actor(),
                        clock.instant()),
                agreed);
        return Map.of();
    }
}
