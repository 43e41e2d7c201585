package dev.countersign.incident.reported;

import dev.countersign.incident.ReportedIncidents.Reported;
import dev.countersign.incident.ReportedIncidents.Status;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;

/**
 * How an incident stands after everything that its system said, in whatever order that came.
 *
 * @param serviceName as the system names it
 * @param service of the catalog; null where it knows none
 * @param endSaid whether the system said when it was over; else that is when it came to stand so
 */
record Standing(
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
        boolean endSaid) {

    Standing {
        boolean over = status == Status.RESOLVED || status == Status.CANCELLED;
        resolvedAt = over && resolvedAt == null ? changedAt : resolvedAt;
    }

    private static final boolean KEPT = true;

    static Standing of(Report report, String service) {
        return new Standing(
                report.source().id(),
                report.id(),
                report.number(),
                report.title(),
                report.service(),
                service,
                report.status(),
                report.urgency(),
                report.startedAt(),
                report.acknowledgedAt(),
                report.resolvedAt(),
                report.changedAt(),
                report.address(),
                report.resolvedAt() != null);
    }

    static Standing of(Reported known) {
        return new Standing(
                known.source(),
                known.sourceId(),
                known.number(),
                known.title(),
                known.serviceName(),
                known.service(),
                known.status(),
                known.urgency(),
                known.startedAt(),
                known.acknowledgedAt(),
                known.resolvedAt(),
                known.changedAt(),
                known.address(),
                KEPT);
    }

    /** As it is kept: what was said of it, and what was taken for it, is no longer told apart. */
    Standing kept() {
        return new Standing(
                source,
                sourceId,
                number,
                title,
                serviceName,
                service,
                status,
                urgency,
                startedAt,
                acknowledgedAt,
                resolvedAt,
                changedAt,
                address,
                KEPT);
    }

    /**
     * What is older than what is known changes nothing but what was not known yet: since when somebody works on it. Of two that are of the same moment the one counts that is
     * further on.
     */
    Standing then(Standing said) {
        int order = said.changedAt.compareTo(changedAt);
        if (order < 0 || order == 0 && said.status.ordinal() < status.ordinal()) {
            return acknowledged(earlier(acknowledgedAt, said.acknowledgedAt));
        }
        // It is over since it was over first, unless its system says since when: it may have been open between. Opened
        // again, it is not over.
        boolean sinceBefore = said.isOver() && isOver() && !said.endSaid && resolvedAt.isBefore(said.resolvedAt);
        return new Standing(
                source,
                sourceId,
                said.number,
                said.title,
                said.serviceName == null ? serviceName : said.serviceName,
                said.service == null ? service : said.service,
                said.status,
                said.urgency == null ? urgency : said.urgency,
                said.startedAt,
                earlier(acknowledgedAt, said.acknowledgedAt),
                sinceBefore ? resolvedAt : said.resolvedAt,
                said.changedAt,
                said.address == null ? address : said.address,
                sinceBefore ? endSaid : said.endSaid);
    }

    boolean isOver() {
        return status == Status.RESOLVED || status == Status.CANCELLED;
    }

    private Standing acknowledged(Instant at) {
        return new Standing(
                source,
                sourceId,
                number,
                title,
                serviceName,
                service,
                status,
                urgency,
                startedAt,
                at,
                resolvedAt,
                changedAt,
                address,
                endSaid);
    }

    private static Instant earlier(Instant one, Instant other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return one.isBefore(other) ? one : other;
    }

    /** Sets what may change, from a column on. Returns the next column. */
    int set(PreparedStatement row, int from) throws SQLException {
        int next = from;
        row.setString(next++, number);
        row.setString(next++, title);
        row.setString(next++, serviceName);
        row.setString(next++, service);
        row.setString(next++, status.name());
        row.setString(next++, urgency);
        for (Instant at : new Instant[] {startedAt, acknowledgedAt, resolvedAt, changedAt}) {
            set(row, next++, ReportedIncidentStore.time(at));
        }
        row.setString(next++, address);
        return next;
    }

    private static void set(PreparedStatement row, int column, OffsetDateTime at) throws SQLException {
        if (at == null) {
            row.setNull(column, java.sql.Types.TIMESTAMP_WITH_TIMEZONE);
        } else {
            row.setObject(column, at);
        }
    }
}
