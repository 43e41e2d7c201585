package dev.countersign.incident;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Incidents, their post-mortems and actions. */
public interface Incidents {
    /** Opens the incident of a rolled-back release, notifies, and is harmless when repeated. Returns its key. */
    String openForRollback(String releaseKey, String cause, Instant detectedAt);

    Optional<Incident> ofRelease(String releaseKey);

    /** Of a service, newest first, since a time. */
    List<Incident> ofService(String service, Instant since);

    List<Action> openActionsOf(String service);

    record Incident(
            String key,
            String releaseKey,
            String service,
            String severity,
            String cause,
            Instant detectedAt,
            Instant openedAt,
            Instant closedAt,
            String commander) {}

    record Action(
            long id,
            String incidentKey,
            String service,
            String type,
            String text,
            String owner,
            Instant due,
            Instant doneAt) {}
}
