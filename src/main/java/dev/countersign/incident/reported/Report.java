package dev.countersign.incident.reported;

import dev.countersign.incident.ReportedIncidents.Status;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * An incident as a system says that it stands.
 *
 * @param id by which the system knows it
 * @param serviceId by which the system knows its service; null where it said none
 * @param serviceNames what it may be called: the first is shown
 * @param acknowledgedAt null where nobody has, or it does not say when
 * @param resolvedAt null while it goes on, or where it does not say when
 * @param changedAt when it came to stand so
 */
record Report(
        Source source,
        String id,
        String number,
        String title,
        String serviceId,
        List<String> serviceNames,
        Status status,
        String urgency,
        Instant startedAt,
        Instant acknowledgedAt,
        Instant resolvedAt,
        Instant changedAt,
        String address) {
    static final int LONGEST_NUMBER = 100;
    static final int LONGEST_TITLE = 500;
    static final int LONGEST_NAME = 200;
    static final int LONGEST_URGENCY = 60;

    Report {
        serviceNames = serviceNames.stream().filter(Objects::nonNull).toList();
        resolvedAt = status == Status.RESOLVED || status == Status.CANCELLED ? resolvedAt : null;
        acknowledgedAt =
                status == Status.ACKNOWLEDGED ? Objects.requireNonNullElse(acknowledgedAt, changedAt) : acknowledgedAt;
        number = number == null ? id : number;
        number = number.length() <= LONGEST_NUMBER ? number : number.substring(0, LONGEST_NUMBER);
        title = title == null ? number : title;
    }

    /** A clock that is ahead would keep everything out that comes later. */
    Report notAfter(Instant now) {
        return new Report(
                source,
                id,
                number,
                title,
                serviceId,
                serviceNames,
                status,
                urgency,
                earlier(startedAt, now),
                acknowledgedAt == null ? null : earlier(acknowledgedAt, now),
                resolvedAt == null ? null : earlier(resolvedAt, now),
                earlier(changedAt, now),
                address);
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    /** As the system names it. */
    String service() {
        return serviceNames.isEmpty() ? serviceId : serviceNames.get(0);
    }
}
