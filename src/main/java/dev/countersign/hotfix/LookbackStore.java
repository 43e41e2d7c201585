package dev.countersign.hotfix;

import dev.countersign.hotfix.Hotfixes.Lookback;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The table {@code hotfix_review}. */
@Repository
class LookbackStore {
    private final JdbcClient jdbc;

    LookbackStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    void open(String releaseKey, String service, Instant now, Instant due) {
        jdbc.sql("insert into hotfix_review (release_key, service, opened_at, due, escalations) values (?, ?, ?, ?, 0)")
                .params(releaseKey, service, time(now), time(due))
                .update();
    }

    Optional<Lookback> find(String releaseKey) {
        return jdbc.sql("select * from hotfix_review where release_key = ?")
                .param(releaseKey)
                .query(LookbackStore::lookback)
                .optional();
    }

    List<Lookback> openOf(String service) {
        return jdbc.sql(
                        "select * from hotfix_review where service = ? and reviewed_at is null order by opened_at, release_key")
                .param(service)
                .query(LookbackStore::lookback)
                .list();
    }

    void escalated(String releaseKey) {
        jdbc.sql("update hotfix_review set escalations = escalations + 1 where release_key = ?")
                .param(releaseKey)
                .update();
    }

    /** Returns whether it was open until now. */
    boolean reviewed(String releaseKey, boolean needed, String finding, String person, Instant at) {
        return jdbc.sql("update hotfix_review set needed = ?, finding = ?, reviewed_by = ?, reviewed_at = ?"
                                + " where release_key = ? and reviewed_at is null")
                        .params(needed, finding, person, time(at), releaseKey)
                        .update()
                == 1;
    }

    private static Lookback lookback(ResultSet row, int number) throws SQLException {
        return new Lookback(
                row.getString("release_key"),
                row.getString("service"),
                instant(row, "opened_at"),
                instant(row, "due"),
                row.getInt("escalations"),
                row.getObject("needed", Boolean.class),
                row.getString("finding"),
                row.getString("reviewed_by"),
                instant(row, "reviewed_at"));
    }

    static OffsetDateTime time(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    static Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
