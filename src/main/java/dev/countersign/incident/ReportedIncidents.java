package dev.countersign.incident;

import dev.countersign.incident.AttributedIncidents.AttributedIncident;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Incidents that other systems reported. Which release caused one is said by a person, and by nobody else. */
public interface ReportedIncidents {
    /** What the key of one begins with here; a number follows. It is the business key of the process that asks about it. */
    String KEY = "EXT-";

    static boolean isOne(String businessKey) {
        return businessKey != null && businessKey.startsWith(KEY);
    }

    /** Those that a filter asks for, the one that began last first. */
    Page list(Filter filter);

    Optional<Reported> find(String key);

    /** Of a service, since a time; the one that began last first. */
    List<Reported> ofService(String service, Instant since);

    /** Those that persons attributed to releases of a service and that began since a time, the one that began last first. */
    List<AttributedIncident> attributedTo(String service, Instant since);

    /** Everything that persons ever said about one, in order. */
    List<Attribution> attributionsOf(String key);

    /** Releases of its service whose rollout began in the window before it; the one that began last comes first. */
    List<Suggestion> suggestionsFor(Reported incident);

    /** Whether the person who acts now may say which release caused it. */
    boolean mayAttribute(Reported incident);

    /**
     * Says, as the person who acts now, which release caused it.
     *
     * @param releaseKey null for none
     * @throws dev.countersign.api.Problem where there is no such incident or release, the person may not, or the release came after it
     */
    Reported attribute(String key, String releaseKey, String because);

    /** How it stands, whatever the system calls that. */
    enum Status {
        TRIGGERED,
        ACKNOWLEDGED,
        RESOLVED,
        /** It was none: cancelled, or deleted. */
        CANCELLED
    }

    /**
     * What to list; null means any.
     *
     * @param unattributed only those that nobody has said anything about
     */
    record Filter(String service, String source, Status status, boolean unattributed, int page, int size) {}

    record Page(List<Reported> incidents, long total) {}

    /**
     * @param key {@code EXT-} and a number: as it is known here
     * @param source the system that it came from: {@code pagerduty}, {@code servicenow}, {@code jira} or {@code own}
     * @param sourceId its id there
     * @param number as the system names it
     * @param serviceName the service as the system names it; null where it named none
     * @param service of the catalog; null where the catalog knows none by that name, or several
     * @param urgency in the system's words; null where it gave none
     * @param changedAt when it came to stand as it does
     * @param address of its page there; null where it said none
     * @param sender who sent it
     * @param askedAt when a person was asked which release caused it; null where nobody was
     * @param askedOf the service whose people were asked; null where nobody was
     * @param releaseKey as a person said; null with {@code attributedAt} means that they said: none
     */
    record Reported(
            String key,
            String source,
            String sourceId,
            String number,
            String title,
            String serviceName,
            String service,
            Status status,
            String urgency,
            Instant startedAt,
            Instant acknowledgedAt,
            Instant resolvedAt,
            Instant changedAt,
            String address,
            String sender,
            Instant receivedAt,
            Instant askedAt,
            String askedOf,
            String releaseKey,
            String attributedBy,
            Instant attributedAt,
            String attributedBecause) {
        public boolean isAttributed() {
            return attributedAt != null;
        }
    }

    /** @param releaseKey null for none */
    record Attribution(String releaseKey, String because, String saidBy, Instant saidAt) {}

    /**
     * @param began when its rollout began
     * @param state of the release now
     */
    record Suggestion(String releaseKey, Instant began, String state, String summary) {}
}
