package dev.countersign.incident.reported;

import dev.countersign.incident.AttributedIncidents;
import dev.countersign.incident.ReportedIncidents;
import dev.countersign.incident.ReportedIncidents.Attribution;
import dev.countersign.incident.ReportedIncidents.Filter;
import dev.countersign.incident.ReportedIncidents.Page;
import dev.countersign.incident.ReportedIncidents.Reported;
import dev.countersign.incident.ReportedIncidents.Status;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The tables {@code reported_incident} and {@code incident_attribution}. */
@Repository
class ReportedIncidentStore implements AttributedIncidents {
    private static final String PREFIX = ReportedIncidents.KEY;
    private static final Pattern KEY = Pattern.compile(PREFIX + "[1-9]\\d{0,17}");
    private static final int AT_ONCE = 1000;

    private final JdbcClient jdbc;
    private final JdbcTemplate batch;

    ReportedIncidentStore(JdbcTemplate batch) {
        this.jdbc = JdbcClient.create(batch);
        this.batch = batch;
    }

    static boolean isKey(String key) {
        return KEY.matcher(key).matches();
    }

    private static long idOf(String key) {
        return Long.parseLong(key.substring(PREFIX.length()));
    }

    @Override
    public List<AttributedIncident> of(Collection<String> releaseKeys) {
        List<String> keys = releaseKeys.stream().distinct().toList();
        List<AttributedIncident> found = new ArrayList<>();
        for (int from = 0; from < keys.size(); from += AT_ONCE) {
            found.addAll(
                    jdbc.sql("select * from reported_incident where release_key in (:keys) and status <> 'CANCELLED'")
                            .param("keys", keys.subList(from, Math.min(keys.size(), from + AT_ONCE)))
                            .query(ReportedIncidentStore::attributed)
                            .list());
        }
        found.sort(Comparator.comparing(AttributedIncident::startedAt).thenComparing(incident -> idOf(incident.id())));
        return found;
    }

    List<AttributedIncident> attributedTo(String service, Instant since) {
        return jdbc.sql(
                        "select i.* from reported_incident i join release r on r.key_ = i.release_key"
                                + " where r.service = ? and i.started_at >= ? and i.status <> 'CANCELLED' order by i.started_at desc, i.id desc")
                .params(service, time(since))
                .query(ReportedIncidentStore::attributed)
                .list();
    }

    /** Those of a system that are known already, and holds them. By their ids there. */
    Map<String, Reported> lock(Source source, Collection<String> ids) {
        return bySourceId(source, ids, " order by id for update");
    }

    Map<String, Reported> find(Source source, Collection<String> ids) {
        return bySourceId(source, ids, "");
    }

    private Map<String, Reported> bySourceId(Source source, Collection<String> ids, String how) {
        Map<String, Reported> found = new HashMap<>();
        if (!ids.isEmpty()) {
            jdbc.sql("select * from reported_incident where source = :source and source_id in (:ids)" + how)
                    .param("source", source.id())
                    .param("ids", ids)
                    .query(ReportedIncidentStore::incident)
                    .list()
                    .forEach(incident -> found.put(incident.sourceId(), incident));
        }
        return found;
    }

    /** As one batch. @throws org.springframework.dao.DuplicateKeyException where another delivery was faster */
    void insert(List<Standing> incidents, String sender, Instant now) {
        batch.batchUpdate(
                """
                insert into reported_incident (source, source_id, number_, title, service_name, service, status, urgency, started_at,
                  acknowledged_at, resolved_at, changed_at, address, sender, received_at, escalations)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)
                """,
                incidents,
                incidents.size(),
                (row, one) -> {
                    row.setString(1, one.source());
                    row.setString(2, one.sourceId());
                    int next = one.set(row, 3);
                    row.setString(next++, sender);
                    row.setObject(next, time(now));
                });
    }

    /** As one batch. */
    void update(List<Standing> incidents) {
        batch.batchUpdate(
                """
                update reported_incident set number_ = ?, title = ?, service_name = ?, service = ?, status = ?, urgency = ?,
                  started_at = ?, acknowledged_at = ?, resolved_at = ?, changed_at = ?, address = ?
                where source = ? and source_id = ?
                """,
                incidents,
                incidents.size(),
                (row, one) -> {
                    int next = one.set(row, 1);
                    row.setString(next++, one.source());
                    row.setString(next, one.sourceId());
                });
    }

    /** The people of its service, as it is known now. */
    void asked(Collection<String> keys, Instant now) {
        jdbc.sql("update reported_incident set asked_at = :now, asked_of = service, escalations = 0 where id in (:ids)")
                .param("now", time(now))
                .param("ids", keys.stream().map(ReportedIncidentStore::idOf).toList())
                .update();
    }

    void withdrawn(Collection<String> keys) {
        jdbc.sql("update reported_incident set asked_at = null, asked_of = null where id in (:ids)")
                .param("ids", keys.stream().map(ReportedIncidentStore::idOf).toList())
                .update();
    }

    int escalated(String key) {
        jdbc.sql("update reported_incident set escalations = escalations + 1 where id = ?")
                .param(idOf(key))
                .update();
        return jdbc.sql("select escalations from reported_incident where id = ?")
                .param(idOf(key))
                .query(Integer.class)
                .single();
    }

    Optional<Reported> find(String key) {
        return one(key, "");
    }

    Optional<Reported> lock(String key) {
        return one(key, " for update");
    }

    List<Reported> lock(Collection<String> keys) {
        return jdbc.sql("select * from reported_incident where id in (:ids) order by id for update")
                .param("ids", keys.stream().map(ReportedIncidentStore::idOf).toList())
                .query(ReportedIncidentStore::incident)
                .list();
    }

    private Optional<Reported> one(String key, String how) {
        return isKey(key)
                ? jdbc.sql("select * from reported_incident where id = ?" + how)
                        .param(idOf(key))
                        .query(ReportedIncidentStore::incident)
                        .optional()
                : Optional.empty();
    }

    Page list(Filter filter) {
        Map<String, Object> values = new HashMap<>();
        StringBuilder where = new StringBuilder(" where 1 = 1");
        if (filter.service() != null) {
            where.append(" and service = :service");
            values.put("service", filter.service());
        }
        if (filter.source() != null) {
            where.append(" and source = :source");
            values.put("source", filter.source());
        }
        if (filter.status() != null) {
            where.append(" and status = :status");
            values.put("status", filter.status().name());
        }
        if (filter.unattributed()) {
            where.append(" and attributed_at is null");
        }
        long total = jdbc.sql("select count(*) from reported_incident" + where)
                .params(values)
                .query(Long.class)
                .single();
        values.put("size", filter.size());
        values.put("skip", (long) filter.page() * filter.size());
        return new Page(
                jdbc.sql("select * from reported_incident" + where
                                + " order by started_at desc, id desc limit :size offset :skip")
                        .params(values)
                        .query(ReportedIncidentStore::incident)
                        .list(),
                total);
    }

    List<Reported> ofService(String service, Instant since) {
        return jdbc.sql(
                        "select * from reported_incident where service = ? and started_at >= ? order by started_at desc, id desc")
                .params(service, time(since))
                .query(ReportedIncidentStore::incident)
                .list();
    }

    void attribute(String key, String releaseKey, String because, String person, Instant now) {
        jdbc.sql(
                        """
                        insert into incident_attribution (incident_id, release_key, because, said_by, said_at)
                        values (:incident, :release, :because, :person, :now)
                        """)
                .param("incident", idOf(key))
                .param("release", releaseKey, Types.VARCHAR)
                .param("because", because)
                .param("person", person)
                .param("now", time(now))
                .update();
        jdbc.sql(
                        """
                        update reported_incident set release_key = :release, attributed_by = :person, attributed_at = :now,
                          attributed_because = :because where id = :incident
                        """)
                .param("incident", idOf(key))
                .param("release", releaseKey, Types.VARCHAR)
                .param("because", because)
                .param("person", person)
                .param("now", time(now))
                .update();
    }

    List<Attribution> attributionsOf(String key) {
        return jdbc.sql("select * from incident_attribution where incident_id = ? order by id")
                .param(idOf(key))
                .query((row, number) -> new Attribution(
                        row.getString("release_key"),
                        row.getString("because"),
                        row.getString("said_by"),
                        instant(row, "said_at")))
                .list();
    }

    private static AttributedIncident attributed(ResultSet row, int number) throws SQLException {
        return new AttributedIncident(
                PREFIX + row.getLong("id"),
                row.getString("release_key"),
                row.getString("source"),
                row.getString("number_"),
                row.getString("title"),
                instant(row, "started_at"),
                instant(row, "resolved_at"),
                row.getString("address"));
    }

    private static Reported incident(ResultSet row, int number) throws SQLException {
        return new Reported(
                PREFIX + row.getLong("id"),
                row.getString("source"),
                row.getString("source_id"),
                row.getString("number_"),
                row.getString("title"),
                row.getString("service_name"),
                row.getString("service"),
                Status.valueOf(row.getString("status")),
                row.getString("urgency"),
                instant(row, "started_at"),
                instant(row, "acknowledged_at"),
                instant(row, "resolved_at"),
                instant(row, "changed_at"),
                row.getString("address"),
                row.getString("sender"),
                instant(row, "received_at"),
                instant(row, "asked_at"),
                row.getString("asked_of"),
                row.getString("release_key"),
                row.getString("attributed_by"),
                instant(row, "attributed_at"),
                row.getString("attributed_because"));
    }

    static OffsetDateTime time(Instant at) {
        return at == null ? null : at.atOffset(ZoneOffset.UTC);
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime at = row.getObject(column, OffsetDateTime.class);
        return at == null ? null : at.toInstant();
    }
}
