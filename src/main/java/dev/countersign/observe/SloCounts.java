package dev.countersign.observe;

import dev.countersign.observe.Budget.Count;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

@Repository
class SloCounts {
    /** The longest window that is summed from minutes. */
    static final Duration MINUTES_KEPT = Duration.ofHours(6);

    static final Duration HOURS_KEPT = Duration.ofDays(92);
    private final JdbcClient jdbc;
    private final JdbcTemplate batch;

    SloCounts(JdbcTemplate batch) {
        this.jdbc = JdbcClient.create(batch);
        this.batch = batch;
    }

    record Row(String service, String slo, Count count) {}

    /** The last minute counted, by service. */
    Map<String, Instant> latest() {
        Map<String, Instant> latest = new HashMap<>();
        jdbc.sql("select service, max(at_) as at_ from slo_count where hourly = false group by service")
                .query(row -> {
                    latest.put(
                            row.getString("service"),
                            row.getObject("at_", OffsetDateTime.class).toInstant());
                });
        return latest;
    }

    Map<String, List<Count>> of(String service, Instant now) {
        Map<String, List<Count>> counts = new HashMap<>();
        jdbc.sql("select slo, hourly, at_, good, total from slo_count where service = ?"
                        + " and at_ >= ? and (hourly = true or at_ >= ?)")
                .params(service, utc(now.minus(HOURS_KEPT)), utc(now.minus(MINUTES_KEPT)))
                .query(row -> {
                    counts.computeIfAbsent(row.getString("slo"), slo -> new java.util.ArrayList<>())
                            .add(new Count(
                                    row.getBoolean("hourly"),
                                    row.getObject("at_", OffsetDateTime.class).toInstant(),
                                    row.getLong("good"),
                                    row.getLong("total")));
                });
        return counts;
    }

    void insert(List<Row> rows) {
        batch.batchUpdate(
                "insert into slo_count (service, slo, hourly, at_, good, total) values (?, ?, ?, ?, ?, ?)",
                new Rows(rows.size(), (statement, index) -> {
                    Row row = rows.get(index);
                    statement.setString(1, row.service());
                    statement.setString(2, row.slo());
                    statement.setBoolean(3, row.count().hourly());
                    statement.setObject(4, utc(row.count().at()), Types.TIMESTAMP_WITH_TIMEZONE);
                    statement.setLong(5, row.count().good());
                    statement.setLong(6, row.count().total());
                }));
    }

    /** Adds to hours that are there already; 0 for those that are not. */
    int[] add(List<Row> hours) {
        return batch.batchUpdate(
                "update slo_count set good = good + ?, total = total + ?"
                        + " where service = ? and slo = ? and hourly = true and at_ = ?",
                new Rows(hours.size(), (statement, index) -> {
                    Row row = hours.get(index);
                    statement.setLong(1, row.count().good());
                    statement.setLong(2, row.count().total());
                    statement.setString(3, row.service());
                    statement.setString(4, row.slo());
                    statement.setObject(5, utc(row.count().at()), Types.TIMESTAMP_WITH_TIMEZONE);
                }));
    }

    void forget(Instant now) {
        jdbc.sql("delete from slo_count where hourly = false and at_ < ?")
                .param(utc(now.minus(MINUTES_KEPT)))
                .update();
        jdbc.sql("delete from slo_count where hourly = true and at_ < ?")
                .param(utc(now.minus(HOURS_KEPT)))
                .update();
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
