package dev.countersign.evidence;

import dev.countersign.evidence.EvidenceSources.Outcome;
import dev.countersign.evidence.EvidenceSources.Standing;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The table {@code evidence_fetch}. */
@Repository
class FetchStore {
    private static final int LONGEST_REASON = 1000;
    private final JdbcClient jdbc;

    FetchStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** @param idle how often in a row nothing new came */
    record Row(Standing standing, boolean live, int idle) {}

    List<Row> of(String releaseKey) {
        return jdbc.sql("select * from evidence_fetch where release_key = ? order by source")
                .param(releaseKey)
                .query(FetchStore::row)
                .list();
    }

    void keep(String releaseKey, Row row) {
        Standing standing = row.standing();
        String reason = cut(standing.reason());
        OffsetDateTime asked = at(standing.askedAt());
        OffsetDateTime answered = at(standing.answeredAt());
        int known = jdbc.sql("update evidence_fetch set outcome = ?, reason = ?, live = ?, idle = ?, asked_at = ?,"
                        + " answered_at = coalesce(?, answered_at) where release_key = ? and source = ?")
                .params(
                        standing.outcome().name(),
                        reason,
                        row.live(),
                        row.idle(),
                        asked,
                        answered,
                        releaseKey,
                        standing.source())
                .update();
        if (known == 0) {
            jdbc.sql(
                            "insert into evidence_fetch (release_key, source, outcome, reason, live, idle, asked_at, answered_at)"
                                    + " values (?, ?, ?, ?, ?, ?, ?, ?)")
                    .params(
                            releaseKey,
                            standing.source(),
                            standing.outcome().name(),
                            reason,
                            row.live(),
                            row.idle(),
                            asked,
                            answered)
                    .update();
        }
    }

    private static Row row(ResultSet row, int number) throws SQLException {
        return new Row(
                new Standing(
                        row.getString("source"),
                        Outcome.valueOf(row.getString("outcome")),
                        row.getString("reason"),
                        row.getObject("asked_at", OffsetDateTime.class).toInstant(),
                        row.getObject("answered_at", OffsetDateTime.class) == null
                                ? null
                                : row.getObject("answered_at", OffsetDateTime.class)
                                        .toInstant()),
                row.getBoolean("live"),
                row.getInt("idle"));
    }

    private static OffsetDateTime at(Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }

    private static String cut(String reason) {
        return reason == null || reason.length() <= LONGEST_REASON ? reason : reason.substring(0, LONGEST_REASON);
    }
}
