package dev.countersign.incident;

import java.time.Instant;

/** An action that is tracked beside a release, until its owner says that it is done. */
record TrackedAction(
        long id,
        String releaseKey,
        String service,
        Tracking.Origin origin,
        String because,
        String text,
        String owner,
        boolean ownedByGroup,
        Instant due,
        int escalations,
        Instant openedAt,
        Instant doneAt)
        implements Owed {

    Tracking.Tracked shown() {
        return new Tracking.Tracked(id, releaseKey, service, origin, because, text, owner, due, doneAt);
    }
}
