package dev.countersign.incident;

import static dev.countersign.incident.IncidentStore.idOf;
import static dev.countersign.incident.IncidentStore.instant;
import static dev.countersign.incident.IncidentStore.keyOf;
import static dev.countersign.incident.IncidentStore.time;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The table {@code post_mortem_action}. */
@Repository
class FollowUpStore {
    private final JdbcClient jdbc;

    FollowUpStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    void add(FollowUp action) {
        jdbc.sql(
                        """
                        insert into post_mortem_action (incident_id, service, type, text_, owner, owned_by_group, due, escalations)
                        values (?, ?, ?, ?, ?, ?, ?, 0)
                        """)
                .params(
                        idOf(action.incidentKey()),
                        action.service(),
                        action.type(),
                        action.text(),
                        action.owner(),
                        action.ownedByGroup(),
                        time(action.due()))
                .update();
    }

    FollowUp get(long id) {
        return jdbc.sql("select * from post_mortem_action where id = ?")
                .param(id)
                .query(FollowUpStore::action)
                .single();
    }

    List<FollowUp> ofIncident(String key) {
        return jdbc.sql("select * from post_mortem_action where incident_id = ? order by id")
                .param(idOf(key))
                .query(FollowUpStore::action)
                .list();
    }

    List<FollowUp> openOf(String service) {
        return jdbc.sql("select * from post_mortem_action where service = ? and done_at is null order by due, id")
                .param(service)
                .query(FollowUpStore::action)
                .list();
    }

    void escalated(long id) {
        jdbc.sql("update post_mortem_action set escalations = escalations + 1 where id = ?")
                .param(id)
                .update();
    }

    /** Returns whether it was open until now. */
    boolean done(long id, String person, String result, Instant at) {
        return jdbc.sql(
                                "update post_mortem_action set done_at = ?, done_by = ?, result = ? where id = ? and done_at is null")
                        .params(time(at), person, result, id)
                        .update()
                == 1;
    }

    private static FollowUp action(ResultSet row, int number) throws SQLException {
        return new FollowUp(
                row.getLong("id"),
                keyOf(row.getLong("incident_id")),
                row.getString("service"),
                row.getString("type"),
                row.getString("text_"),
                row.getString("owner"),
                row.getBoolean("owned_by_group"),
                instant(row, "due"),
                row.getInt("escalations"),
                instant(row, "done_at"));
    }
}
