package dev.countersign.incident;

import dev.countersign.identity.Actors;
import dev.countersign.identity.People;
import dev.countersign.release.Timeline;
import java.time.Clock;
import java.util.Map;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Actions are tracked until they are done; time alone never closes one. */
@Service
class FollowUps {
    private final FollowUpStore actions;
    private final PostMortems postMortems;
    private final IncidentNotices notices;
    private final Timeline timeline;
    private final People people;
    private final Clock clock;

    FollowUps(
            FollowUpStore actions,
            PostMortems postMortems,
            IncidentNotices notices,
            Timeline timeline,
            People people,
            Clock clock) {
        this.actions = actions;
        this.postMortems = postMortems;
        this.notices = notices;
        this.timeline = timeline;
        this.people = people;
        this.clock = clock;
    }

    FollowUp get(long id) {
        return actions.get(id);
    }

    void remind(String releaseKey, long id) {
        notices.actionReminder(postMortems.incidentOf(releaseKey), actions.get(id));
    }

    /** Tells the owner and the head of operations, and counts. Returns the action as it is then. */
    @Transactional
    FollowUp escalate(String releaseKey, long id) {
        actions.escalated(id);
        FollowUp action = actions.get(id);
        notices.actionOverdue(postMortems.incidentOf(releaseKey), action);
        timeline.record(
                releaseKey,
                "action.overdue",
                Actors.PLATFORM,
                "Overdue since %s, request %d to %s: %s"
                        .formatted(
                                IncidentNotices.lastDay(action.due()),
                                action.escalations(),
                                action.owner(),
                                action.text()),
                Map.of("action", id, "escalations", action.escalations()));
        return action;
    }

    /** Whether nobody is left who could do it: its owner has gone. */
    boolean isOrphaned(FollowUp action) {
        return action.ownedByGroup()
                ? !people.hasMembers(action.owner())
                : people.find(action.owner()).isEmpty();
    }

    @Transactional
    void complete(String releaseKey, long id, String person, String result) {
        if (actions.done(id, person, result, clock.instant())) {
            FollowUp action = actions.get(id);
            timeline.record(
                    releaseKey,
                    "action.done",
                    person,
                    "Done: %s (%s)".formatted(action.text(), result),
                    Map.of("action", id, "type", action.type()));
        }
    }
}
