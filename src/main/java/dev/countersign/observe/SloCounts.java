package dev.countersign.observe;

import dev.countersign.observe.Budget.Count;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

@Repository
class SloCounts {
    /** The longest window that is summed from minutes. */
    static final Duration MINUTES_KEPT = Duration.ofHours(6);

    private static final Duration HOURS_KEPT = Duration.ofDays(92);
    private static final String NO_PROGRESS = "cast(null as timestamp with time zone) as counted_until,"
            + " cast(null as timestamp with time zone) as seen_until, cast(null as varchar(1000)) as trouble";

    private final JdbcClient jdbc;
    private final JdbcTemplate batch;

    SloCounts(JdbcTemplate batch) {
        this.jdbc = JdbcClient.create(batch);
        this.batch = batch;
    }

    record Row(String service, String slo, Count count) {}

    /** Of all objectives. */
    Map<String, Map<String, SloProgress>> progress() {
        Map<String, Map<String, SloProgress>> progress = new HashMap<>();
        jdbc.sql("select service, slo, counted_until, seen_until, trouble from slo_progress")
                .query(row -> {
                    put(progress, row);
                });
        return progress;
    }

    private static void put(Map<String, Map<String, SloProgress>> all, ResultSet row) throws SQLException {
        SloProgress progress = new SloProgress(
                row.getString("service"),
                row.getString("slo"),
                instant(row.getObject("counted_until", OffsetDateTime.class)),
                instant(row.getObject("seen_until", OffsetDateTime.class)),
                row.getString("trouble"));
        all.computeIfAbsent(progress.service(), service -> new HashMap<>()).put(progress.slo(), progress);
    }

    void keep(List<SloProgress> all) {
        int[] updated = batch.batchUpdate(
                "update slo_progress set counted_until = ?, seen_until = ?, trouble = ? where service = ? and slo = ?",
                progress(all));
        List<SloProgress> fresh = new ArrayList<>();
        for (int index = 0; index < updated.length; index++) {
            if (updated[index] == 0) {
                fresh.add(all.get(index));
            }
        }
        if (!fresh.isEmpty()) {
            batch.batchUpdate(
                    "insert into slo_progress (counted_until, seen_until, trouble, service, slo) values (?, ?, ?, ?, ?)",
                    progress(fresh));
        }
    }

    private static Rows progress(List<SloProgress> all) {
        return new Rows(all.size(), (statement, index) -> {
            SloProgress each = all.get(index);
            statement.setObject(1, utc(each.countedUntil()), Types.TIMESTAMP_WITH_TIMEZONE);
            statement.setObject(2, utc(each.seenUntil()), Types.TIMESTAMP_WITH_TIMEZONE);
            statement.setString(3, each.trouble());
            statement.setString(4, each.service());
            statement.setString(5, each.slo());
        });
    }

    /** What was counted, and how far, by service and objective. */
    record Measured(Map<String, Map<String, List<Count>>> counts, Map<String, Map<String, SloProgress>> progress) {
        List<Count> counts(String service, String slo) {
            return counts.getOrDefault(service, Map.of()).getOrDefault(slo, List.of());
        }

        SloProgress progress(String service, String slo) {
            return progress.getOrDefault(service, Map.of()).getOrDefault(slo, SloProgress.none(service, slo));
        }

        private void add(ResultSet row) throws SQLException {
            OffsetDateTime at = row.getObject("at_", OffsetDateTime.class);
            if (at == null) {
                put(progress, row);
                return;
            }
            counts.computeIfAbsent(row.getString("service"), service -> new HashMap<>())
                    .computeIfAbsent(row.getString("slo"), slo -> new ArrayList<>())
                    .add(new Count(
                            row.getBoolean("hourly"), at.toInstant(), row.getDouble("good"), row.getDouble("total")));
        }
    }

    Measured of(String service, Duration longest, Instant now) {
        return measured(
                "select service, slo, hourly, at_, good, total, " + NO_PROGRESS + " from slo_count where service = ?"
                        + " and at_ >= ? and (hourly = true or at_ >= ?)",
                List.of(service, utc(now.minus(longest)), utc(now.minus(MINUTES_KEPT))),
                List.of(service));
    }

    /**
     * Of many services, summed by the database between the beginnings of the windows: whatever window begins at one of them is answered as from the single
     * counts, from a few rows an objective.
     */
    Measured between(Collection<String> services, SortedSet<Duration> windows, Instant now) {
        if (services.isEmpty() || windows.isEmpty()) {
            return new Measured(Map.of(), Map.of());
        }
        List<Object> values = new ArrayList<>();
        StringBuilder piece = new StringBuilder("case");
        int number = 0;
        for (Duration window : windows) {
            piece.append(" when at_ >= ? then ").append(number++);
            values.add(utc(now.minus(window)));
        }
        piece.append(" end");
        values.add(utc(now.minus(windows.last())));
        values.add(utc(now.minus(MINUTES_KEPT)));
        values.addAll(services);
        return measured(
                "select service, slo, hourly, min(at_) as at_, sum(good) as good, sum(total) as total, " + NO_PROGRESS
                        + " from (select service, slo, hourly, at_, good, total, " + piece + " as piece from slo_count"
                        + " where at_ >= ? and (hourly = true or at_ >= ?) and service in (" + marks(services)
                        + ")) counted group by service, slo, hourly, piece",
                values,
                services);
    }

    /** One statement for both: they must fit together, and pages ask often. */
    private Measured measured(String counted, List<Object> values, Collection<String> services) {
        Measured measured = new Measured(new HashMap<>(), new HashMap<>());
        List<Object> all = new ArrayList<>(values);
        all.addAll(services);
        jdbc.sql(counted
                        + " union all select service, slo, cast(null as boolean), cast(null as timestamp with time zone),"
                        + " cast(null as double precision), cast(null as double precision), counted_until, seen_until,"
                        + " trouble from slo_progress where service in (" + marks(services) + ")")
                .params(all)
                .query(row -> {
                    measured.add(row);
                });
        return measured;
    }

    private static String marks(Collection<String> values) {
        return String.join(", ", Collections.nCopies(values.size(), "?"));
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
                    statement.setDouble(5, row.count().good());
                    statement.setDouble(6, row.count().total());
                }));
    }

    /** Adds to hours that are there already; 0 for those that are not. */
    int[] add(List<Row> hours) {
        return batch.batchUpdate(
                "update slo_count set good = good + ?, total = total + ?"
                        + " where service = ? and slo = ? and hourly = true and at_ = ?",
                new Rows(hours.size(), (statement, index) -> {
                    Row row = hours.get(index);
                    statement.setDouble(1, row.count().good());
                    statement.setDouble(2, row.count().total());
                    statement.setString(3, row.service());
                    statement.setString(4, row.slo());
                    statement.setObject(5, utc(row.count().at()), Types.TIMESTAMP_WITH_TIMEZONE);
                }));
    }

    /** @param longest window of any objective */
    void forget(Duration longest, Instant now) {
        jdbc.sql("delete from slo_count where hourly = false and at_ < ?")
                .param(utc(now.minus(MINUTES_KEPT)))
                .update();
        jdbc.sql("delete from slo_count where hourly = true and at_ < ?")
                .param(utc(now.minus(longest.compareTo(HOURS_KEPT) > 0 ? longest : HOURS_KEPT)))
                .update();
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }

    private static Instant instant(OffsetDateTime at) {
        return at == null ? null : at.toInstant();
    }
}
