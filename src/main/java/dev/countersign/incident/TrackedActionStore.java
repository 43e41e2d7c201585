package dev.countersign.incident;

import static dev.countersign.incident.IncidentStore.instant;
import static dev.countersign.incident.IncidentStore.time;

import dev.countersign.incident.Tracking.Origin;
import dev.countersign.incident.Tracking.Wanted;
import dev.countersign.release.Release;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.GeneratedKeyHolder;
import org.springframework.stereotype.Repository;

/** The table {@code tracked_action}. */
@Repository
class TrackedActionStore {
    private final JdbcClient jdbc;

    TrackedActionStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    long add(Release release, Origin origin, String because, Wanted wanted, Instant now) {
        var key = new GeneratedKeyHolder();
        jdbc.sql(
                        """
                        insert into tracked_action (release_key, service, origin, because, text_, owner, owned_by_group, due, escalations, opened_at)
                        values (?, ?, ?, ?, ?, ?, ?, ?, 0, ?)
                        """)
                .params(
                        release.key(),
                        release.service(),
                        origin.name(),
                        because,
                        wanted.text(),
                        wanted.owner(),
                        wanted.ownedByGroup(),
                        time(wanted.due()),
                        time(now))
                .update(key, "id");
        return Objects.requireNonNull(key.getKey(), "the database gave the action no id")
                .longValue();
    }

    TrackedAction get(long id) {
        return jdbc.sql("select * from tracked_action where id = ?")
                .param(id)
                .query(TrackedActionStore::action)
                .single();
    }

    List<TrackedAction> openOf(String service) {
        return jdbc.sql("select * from tracked_action where service = ? and done_at is null order by due, id")
                .param(service)
                .query(TrackedActionStore::action)
                .list();
    }

    List<TrackedAction> ofRelease(String releaseKey) {
        return jdbc.sql("select * from tracked_action where release_key = ? order by id")
                .param(releaseKey)
                .query(TrackedActionStore::action)
                .list();
    }

    boolean isRepairing(String service) {
        return jdbc.sql("select count(*) from tracked_action where service = ? and origin = ? and done_at is null")
                        .params(service, Origin.INSTABILITY.name())
                        .query(Integer.class)
                        .single()
                > 0;
    }

    /** When the last repair of a service was done. */
    Optional<Instant> repairedAt(String service) {
        return jdbc
                .sql(
                        "select done_at from tracked_action where service = ? and origin = ? and done_at is not null order by done_at desc")
                .params(service, Origin.INSTABILITY.name())
                .query(OffsetDateTime.class)
                .list()
                .stream()
                .findFirst()
                .map(OffsetDateTime::toInstant);
    }

    void escalated(long id) {
        jdbc.sql("update tracked_action set escalations = escalations + 1 where id = ?")
                .param(id)
                .update();
    }

    /** Returns whether it was open until now. */
    boolean done(long id, String person, String result, Instant at) {
        return jdbc.sql(
                                "update tracked_action set done_at = ?, done_by = ?, result = ? where id = ? and done_at is null")
                        .params(time(at), person, result, id)
                        .update()
                == 1;
    }

    private static TrackedAction action(ResultSet row, int number) throws SQLException {
        return new TrackedAction(
                row.getLong("id"),
                row.getString("release_key"),
                row.getString("service"),
                Origin.valueOf(row.getString("origin")),
                row.getString("because"),
                row.getString("text_"),
                row.getString("owner"),
                row.getBoolean("owned_by_group"),
                instant(row, "due"),
                row.getInt("escalations"),
                instant(row, "opened_at"),
                instant(row, "done_at"));
    }
}
