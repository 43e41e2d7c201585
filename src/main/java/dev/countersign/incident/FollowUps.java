package dev.countersign.incident;

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
    private final OwedRecord record;
    private final Clock clock;

    FollowUps(FollowUpStore actions, PostMortems postMortems, IncidentNotices notices, OwedRecord record, Clock clock) {
        this.actions = actions;
        this.postMortems = postMortems;
        this.notices = notices;
        this.record = record;
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
        record.overdue(releaseKey, action, Map.of("action", id));
        return action;
    }

    boolean isOrphaned(FollowUp action) {
        return record.isOrphaned(action);
    }

    @Transactional
    void complete(String releaseKey, long id, String person, String result) {
        if (actions.done(id, person, result, clock.instant())) {
            FollowUp action = actions.get(id);
            record.done(releaseKey, action, person, result, Map.of("action", id, "type", action.type()));
        }
    }
}
