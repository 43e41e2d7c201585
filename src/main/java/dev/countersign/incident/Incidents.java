package dev.countersign.incident;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Incidents, their post-mortems and actions. */
public interface Incidents {
    /**
     * Opens the incident of a release that is being rolled back, tells the stakeholders, and is harmless when repeated. Holds no release's row while it does: whoever takes traffic
     * back needs it. Returns its key.
     */
    String openForRollback(String releaseKey, Trouble trouble);

    /**
     * Tells the stakeholders that the rollback waits for a person, once for each reason. Reasons that differ in figures only are one. Nothing where no incident was opened yet.
     */
    void rollbackFailed(String releaseKey, String account, String reason);

    /** Tells the stakeholders once that the rollback is over. Nothing where no incident was opened yet. */
    void rollbackOver(String releaseKey, String account);

    /** Looks at how often the service of a release is rolled back, when its rollback is over; asks a table. */
    void lookAtInstability(String releaseKey);

    Optional<Incident> ofRelease(String releaseKey);

    /** Of a service, newest first, since a time. */
    List<Incident> ofService(String service, Instant since);

    List<Action> openActionsOf(String service);

    /** Everything about the incident of a release, for pages; empty where it had none. */
    Optional<Report> reportOf(String releaseKey);

    /**
     * @param postMortem null until it is written
     * @param actions open and done ones, in the order in which they were agreed
     */
    record Report(Incident incident, Roles roles, PostMortem postMortem, List<Action> actions) {}

    /**
     * What a release is rolled back for.
     *
     * @param detectedBy who or what demanded it
     * @param begunAt when its rollback began: the incident counts as opened then, whenever it could be written
     * @param exposed whether users may have met the release; where none did it counts as no rollback of its service
     * @param account how its rollback stands, in a sentence that says first whether users are safe
     * @param over the rollback is over already: under models that open the incident at its end
     */
    record Trouble(
            String cause,
            String detectedBy,
            Instant detectedAt,
            Instant begunAt,
            boolean exposed,
            String account,
            boolean over) {}

    /** Who does what in the incident: groups, or persons. */
    record Roles(String commander, String communications, String facilitator) {}

    /**
     * @param timeline the record as it stood when the post-mortem was written
     * @param noActionsBecause null where there are actions
     */
    record PostMortem(
            String impact,
            List<Moment> timeline,
            String contributingFactors,
            String rootCause,
            String wentWell,
            String wereLucky,
            String noActionsBecause,
            String writtenBy,
            Instant writtenAt) {}

    /** One line of a timeline. */
    record Moment(Instant at, String actor, String text) {}

    /**
     * @param key {@code INC-} and a number
     * @param severity {@code SEV1} to {@code SEV3}, from the release's tier
     * @param closedAt null until the post-mortem is written and its actions are done
     * @param commander the group, or person, that leads
     * @param detectedBy who or what demanded the rollback; null where it was opened before that was kept
     * @param exposed whether users may have met the release
     */
    record Incident(
            String key,
            String releaseKey,
            String service,
            String severity,
            String cause,
            Instant detectedAt,
            Instant openedAt,
            Instant closedAt,
            String commander,
            String detectedBy,
            boolean exposed) {}

    /**
     * @param type {@code prevent}, {@code detect}, {@code mitigate} or {@code process}
     * @param owner a person or group
     * @param doneAt null while it is open
     */
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
