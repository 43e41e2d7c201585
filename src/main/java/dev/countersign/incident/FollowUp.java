package dev.countersign.incident;

import java.time.Instant;

/**
 * An action of a post-mortem, as it is tracked.
 *
 * @param type {@code prevent}, {@code detect}, {@code mitigate} or {@code process}
 */
record FollowUp(
        long id,
        String incidentKey,
        String service,
        String type,
        String text,
        String owner,
        boolean ownedByGroup,
        Instant due,
        int escalations,
        Instant doneAt)
        implements Owed {

    boolean isDone() {
        return doneAt != null;
    }

    boolean isOverdue(Instant now) {
        return !isDone() && due.isBefore(now);
    }

    Incidents.Action toAction() {
        return new Incidents.Action(id, incidentKey, service, type, text, owner, due, doneAt);
    }
}
