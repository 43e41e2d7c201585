package dev.countersign.learning.leadtime;

import dev.countersign.learning.leadtime.LeadTime.Measured;
import dev.countersign.learning.leadtime.Looked.Outcome;
import dev.countersign.release.Rows;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/** The tables {@code lead_time*}. */
@Repository
class LeadTimeStore {
    private static final int AT_ONCE = 1000;
    private static final int LONGEST_REASON = 1000;

    private final JdbcClient jdbc;

    LeadTimeStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** @param number null where the release has no change: then there is nothing but the look */
    record Row(Looked looked, String number, String url, Moments moments) {}

    /** In the place of what was found before: harmless when repeated. */
    @Transactional
    public void keep(Looked looked, List<Measured> changes) {
        jdbc.sql("delete from lead_time_change where release_key = ?")
                .param(looked.releaseKey())
                .update();
        jdbc.sql("delete from lead_time where release_key = ?")
                .param(looked.releaseKey())
                .update();
        insert(looked);
        Rows rows = new Rows(
                "lead_time_change (release_key, number_, url, first_commit_at, proposed_at, reviewed_at, merged_at)");
        for (Measured one : changes) {
            Moments moments = one.moments();
            rows.add(
                    looked.releaseKey(),
                    one.change().number(),
                    one.change().url(),
                    time(moments.firstCommit()),
                    time(moments.created()),
                    time(moments.reviewed()),
                    time(moments.merged()));
        }
        rows.insert(jdbc);
    }

    void insert(Looked looked) {
        String reason = looked.reason();
        jdbc.sql(
                        "insert into lead_time (release_key, outcome, reason, source, repository, base_commit, deployed_at, asked_at)"
                                + " values (?, ?, ?, ?, ?, ?, ?, ?)")
                .params(
                        looked.releaseKey(),
                        looked.outcome().name(),
                        reason == null || reason.length() <= LONGEST_REASON
                                ? reason
                                : reason.substring(0, LONGEST_REASON),
                        looked.source(),
                        looked.repository(),
                        looked.base(),
                        time(looked.deployed()),
                        time(looked.at()))
                .update();
    }

    /** By release and merge; one statement for {@value #AT_ONCE} releases. */
    List<Row> of(Collection<String> releaseKeys) {
        List<String> keys = releaseKeys.stream().distinct().toList();
        List<Row> rows = new ArrayList<>();
        for (int from = 0; from < keys.size(); from += AT_ONCE) {
            rows.addAll(jdbc.sql(
                            """
                                    select l.*, c.number_, c.url, c.first_commit_at, c.proposed_at, c.reviewed_at, c.merged_at
                                    from lead_time l left join lead_time_change c on c.release_key = l.release_key
                                    where l.release_key in (:keys) order by l.release_key, c.merged_at, c.number_
                                    """)
                    .param("keys", keys.subList(from, Math.min(from + AT_ONCE, keys.size())))
                    .query(LeadTimeStore::row)
                    .list());
        }
        return rows;
    }

    private static Row row(ResultSet row, int number) throws SQLException {
        Looked looked = new Looked(
                row.getString("release_key"),
                Outcome.valueOf(row.getString("outcome")),
                row.getString("reason"),
                row.getString("source"),
                row.getString("repository"),
                row.getString("base_commit"),
                instant(row, "deployed_at"),
                instant(row, "asked_at"));
        String change = row.getString("number_");
        return new Row(
                looked,
                change,
                row.getString("url"),
                change == null
                        ? null
                        : new Moments(
                                instant(row, "first_commit_at"),
                                instant(row, "proposed_at"),
                                instant(row, "reviewed_at"),
                                instant(row, "merged_at"),
                                looked.deployed()));
    }

    private static OffsetDateTime time(Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
