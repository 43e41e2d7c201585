package dev.countersign.incident;

import dev.countersign.identity.Actors;
import dev.countersign.incident.Incidents.Incident;
import dev.countersign.incident.Incidents.Moment;
import dev.countersign.incident.Incidents.PostMortem;
import dev.countersign.release.StateConflict;
import dev.countersign.release.Timeline;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** The post-mortem of an incident: written, its actions handed out, the incident closed. */
@Service
class PostMortems {
    private final IncidentStore incidents;
    private final PostMortemStore postMortems;
    private final FollowUpStore actions;
    private final Timeline timeline;
    private final IncidentNotices notices;
    private final Clock clock;

    PostMortems(
            IncidentStore incidents,
            PostMortemStore postMortems,
            FollowUpStore actions,
            Timeline timeline,
            IncidentNotices notices,
            Clock clock) {
        this.incidents = incidents;
        this.postMortems = postMortems;
        this.actions = actions;
        this.timeline = timeline;
        this.notices = notices;
        this.clock = clock;
    }

    Incident incidentOf(String releaseKey) {
        return incidents
                .ofRelease(releaseKey)
                .orElseThrow(() -> new StateConflict(
                        "The incident of %s could not be opened yet: the platform tries until it is, see its log"
                                .formatted(releaseKey)));
    }

    /** What traces, logs and metrics say of the root, the latest first thing to look at. */
    String correlationOf(String releaseKey) {
        return timeline.of(releaseKey).stream()
                .filter(entry -> entry.type().equals("correlation.found"))
                .reduce((first, second) -> second)
                .map(Timeline.Entry::text)
                .orElse("Traces, logs and metrics were not correlated.");
    }

    /** What happened, as the record has it. */
    List<Moment> momentsOf(String releaseKey) {
        return timeline.of(releaseKey).stream()
                .map(entry -> new Moment(entry.at(), entry.actor(), entry.text()))
                .toList();
    }

    @Transactional
    void write(String releaseKey, PostMortem written, List<FollowUp> agreed) {
        Incident incident = incidentOf(releaseKey);
        postMortems.add(incident.key(), written);
        agreed.forEach(actions::add);
        timeline.record(
                releaseKey,
                "post-mortem.written",
                written.writtenBy(),
                "Post-mortem of %s written, %d actions agreed".formatted(incident.key(), agreed.size()),
                Map.of("incident", incident.key(), "actions", agreed.size()));
    }

    /** Tells each owner; harmless when repeated. */
    @Transactional
    void registerActions(String releaseKey) {
        Incident incident = incidentOf(releaseKey);
        if (postMortems.registerActions(incident.key(), clock.instant())) {
            for (FollowUp action : actions.ofIncident(incident.key())) {
                notices.actionAssigned(incident, action);
                timeline.record(
                        releaseKey,
                        "action.registered",
                        Actors.PLATFORM,
                        "Action for %s, due %s: %s"
                                .formatted(action.owner(), IncidentNotices.lastDay(action.due()), action.text()),
                        Map.of("action", action.id(), "type", action.type(), "owner", action.owner()));
            }
        }
    }

    void remindFacilitator(String releaseKey) {
        notices.postMortemReminder(incidentOf(releaseKey));
    }

    @Transactional
    void escalatePostMortem(String releaseKey) {
        Incident incident = incidentOf(releaseKey);
        notices.postMortemOverdue(incident);
        timeline.record(
                releaseKey,
                "post-mortem.overdue",
                Actors.PLATFORM,
                "The post-mortem of %s is overdue: told the head of operations".formatted(incident.key()),
                Map.of("incident", incident.key()));
    }

    /** Post-mortem written and every action done; harmless when repeated. */
    @Transactional
    void closeIncident(String releaseKey) {
        Incident incident = incidentOf(releaseKey);
        boolean isOpen = postMortems.of(incident.key()).isEmpty()
                || actions.ofIncident(incident.key()).stream().anyMatch(action -> !action.isDone());
        if (isOpen) {
            throw new IllegalStateException(
                    incident.key() + " cannot be closed: its post-mortem or an action is not done");
        }
        Instant now = clock.instant();
        if (incidents.close(incident.key(), now)) {
            timeline.record(
                    releaseKey,
                    "incident.closed",
                    Actors.PLATFORM,
                    "Incident %s closed: post-mortem written, every action done".formatted(incident.key()),
                    Map.of("incident", incident.key()));
        }
    }
}
