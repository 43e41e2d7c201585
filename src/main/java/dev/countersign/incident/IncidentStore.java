package dev.countersign.incident;

import dev.countersign.incident.Incidents.Incident;
import dev.countersign.incident.Incidents.Roles;
import dev.countersign.incident.Incidents.Trouble;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The table {@code incident}. */
@Repository
class IncidentStore {
    private static final String PREFIX = "INC-";
    private static final int LONGEST_TELLING = 300;

    private final JdbcClient jdbc;

    IncidentStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    static long idOf(String key) {
        return Long.parseLong(key.substring(PREFIX.length()));
    }

    static String keyOf(long id) {
        return PREFIX + id;
    }

    void add(String releaseKey, String service, Severity severity, Trouble trouble, Roles roles) {
        jdbc.sql(
                        """
                        insert into incident (release_key, service, severity, cause, rollback, commander, communications,
                          facilitator, detected_at, detected_by, opened_at)
                        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                        """)
                .params(
                        releaseKey,
                        service,
                        severity.name(),
                        trouble.cause(),
                        trouble.exposed(),
                        roles.commander(),
                        roles.communications(),
                        roles.facilitator(),
                        time(trouble.detectedAt()),
                        trouble.detectedBy(),
                        time(trouble.begunAt()))
                .update();
    }

    Optional<Incident> ofRelease(String releaseKey) {
        return jdbc.sql("select * from incident where release_key = ?")
                .param(releaseKey)
                .query(IncidentStore::incident)
                .optional();
    }

    /** Returns whether that was not told before. */
    boolean tell(String key, String what, Instant at) {
        String kept = what.length() <= LONGEST_TELLING ? what : what.substring(0, LONGEST_TELLING);
        return jdbc.sql(
                                """
                                insert into incident_telling (incident_id, what, told_at)
                                select :incident, :what, :at from incident where id = :incident and not exists
                                  (select 1 from incident_telling where incident_id = :incident and what = :what)
                                """)
                        .param("incident", idOf(key))
                        .param("what", kept)
                        .param("at", time(at))
                        .update()
                == 1;
    }

    Roles rolesOf(String key) {
        return jdbc.sql("select commander, communications, facilitator from incident where id = ?")
                .param(idOf(key))
                .query((row, n) -> new Roles(
                        row.getString("commander"), row.getString("communications"), row.getString("facilitator")))
                .single();
    }

    List<Incident> ofService(String service, Instant since) {
        return jdbc.sql(
                        "select * from incident where service = ? and detected_at >= ? order by detected_at desc, id desc")
                .params(service, time(since))
                .query(IncidentStore::incident)
                .list();
    }

    /**
     * @param incidents with those that other systems reported and that a person attributed to a release of the service
     * @param attributed those that were attributed
     * @param openRemediations repairs of a chronic instability that are not done
     */
    record Past(int incidents, int attributed, int rollbacks, int overdueActions, int openRemediations) {}

    /**
     * All that the risk of the next release asks, at once. What no user met is no risk of the service; what another system reported of a release that was rolled back is its
     * rollback's incident, and no second one.
     */
    Past pastOf(String service, Instant since, Instant now) {
        return jdbc.sql(
                        """
                        select
                          (select count(*) from incident where service = :service and detected_at >= :since and rollback) as incidents,
                          (select count(*) from reported_incident join release on key_ = release_key
                            where release.service = :service and started_at >= :since and status <> 'CANCELLED') as attributed,
                          (select count(*) from reported_incident join release on key_ = release_key
                            where release.service = :service and started_at >= :since and status <> 'CANCELLED' and not exists
                              (select 1 from incident where incident.release_key = key_ and rollback)) as others,
                          (select count(*) from incident where service = :service and detected_at >= :since and rollback) as rollbacks,
                          (select count(*) from post_mortem_action where service = :service and done_at is null and due < :now)
                            + (select count(*) from tracked_action where service = :service and done_at is null and due < :now) as overdue,
                          (select count(*) from tracked_action where service = :service and origin = :repair and done_at is null) as repairs
                        """)
                .param("service", service)
                .param("since", time(since))
                .param("now", time(now))
                .param("repair", Tracking.Origin.INSTABILITY.name())
                .query((row, n) -> new Past(
                        row.getInt("incidents") + row.getInt("others"),
                        row.getInt("attributed"),
                        row.getInt("rollbacks"),
                        row.getInt("overdue"),
                        row.getInt("repairs")))
                .single();
    }

    long rollbacksOf(String service, Instant since) {
        return jdbc.sql("select count(*) from incident where service = ? and detected_at >= ? and rollback")
                .params(service, time(since))
                .query(Long.class)
                .single();
    }

    /** Of those that had any. */
    Map<String, Long> rollbacksByService(Collection<String> services, Instant since) {
        Map<String, Long> rollbacks = new HashMap<>();
        if (!services.isEmpty()) {
            jdbc.sql("select service, count(*) as rollbacks from incident"
                            + " where service in (:services) and detected_at >= :since and rollback group by service")
                    .param("services", services)
                    .param("since", time(since))
                    .query((RowCallbackHandler)
                            row -> rollbacks.put(row.getString("service"), row.getLong("rollbacks")));
        }
        return rollbacks;
    }

    /** Returns whether it was open until now. */
    boolean close(String key, Instant at) {
        return jdbc.sql("update incident set closed_at = ? where id = ? and closed_at is null")
                        .params(time(at), idOf(key))
                        .update()
                == 1;
    }

    private static Incident incident(ResultSet row, int number) throws SQLException {
        return new Incident(
                keyOf(row.getLong("id")),
                row.getString("release_key"),
                row.getString("service"),
                row.getString("severity"),
                row.getString("cause"),
                instant(row, "detected_at"),
                instant(row, "opened_at"),
                instant(row, "closed_at"),
                row.getString("commander"),
                row.getString("detected_by"),
                row.getBoolean("rollback"));
    }

    static OffsetDateTime time(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    static Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
