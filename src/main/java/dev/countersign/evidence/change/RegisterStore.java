package dev.countersign.evidence.change;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.GeneratedKeyHolder;
import org.springframework.stereotype.Repository;

/** The tables {@code change_record} and {@code change_record_approval}. */
@Repository
class RegisterStore {
    private static final String SELECT =
            "select r.*, a.group_, a.approver, a.decision, a.reason, a.decided_at from change_record r"
                    + " join change_record_approval a on a.number_ = r.number_";
    private final JdbcClient jdbc;

    RegisterStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** @param withdrawnAt null while it stands */
    record Entry(
            String number,
            String service,
            String version,
            String summary,
            Instant windowStart,
            Instant windowEnd,
            String enteredBy,
            Instant enteredAt,
            Instant withdrawnAt,
            List<Approval> approvals) {
        boolean isApproved() {
            return withdrawnAt == null && approvals.stream().allMatch(one -> "approved".equals(one.decision()));
        }

        String state() {
            if (withdrawnAt != null) {
                return "withdrawn";
            }
            return approvals.stream().anyMatch(one -> "declined".equals(one.decision()))
                    ? "declined"
                    : isApproved() ? "approved" : "waiting for approval";
        }
    }

    /** @param decision {@code approved}, {@code declined}, or null while nobody of the group has decided */
    record Approval(String group, String approver, String decision, String reason, Instant decidedAt) {}

    String nextNumber(Instant now) {
        GeneratedKeyHolder key = new GeneratedKeyHolder();
        jdbc.sql("insert into change_record_number (drawn_at) values (?)")
                .param(at(now))
                .update(key, "id");
        return "change-" + Objects.requireNonNull(key.getKeyAs(Long.class), "the database gave no number");
    }

    void insert(Entry entry) {
        jdbc.sql("insert into change_record (number_, service, version, summary, window_start, window_end, entered_by,"
                        + " entered_at) values (?, ?, ?, ?, ?, ?, ?, ?)")
                .params(
                        entry.number(),
                        entry.service(),
                        entry.version(),
                        entry.summary(),
                        at(entry.windowStart()),
                        at(entry.windowEnd()),
                        entry.enteredBy(),
                        at(entry.enteredAt()))
                .update();
        for (Approval approval : entry.approvals()) {
            jdbc.sql("insert into change_record_approval (number_, group_) values (?, ?)")
                    .params(entry.number(), approval.group())
                    .update();
        }
    }

    /** One decision after the other: what a person has decided already must not change while it is looked at. */
    void lock(String number) {
        jdbc.sql("select number_ from change_record where number_ = ? for update")
                .param(number)
                .query(String.class)
                .optional();
    }

    Optional<Entry> find(String number) {
        return entries(SELECT + " where r.number_ = ? order by a.group_", number).stream()
                .findFirst();
    }

    /** Newest first. */
    List<Entry> of(String service, String version) {
        return entries(
                SELECT + " where r.service = ? and r.version = ? order by r.entered_at desc, r.number_ desc, a.group_",
                service,
                version);
    }

    /** False where the group has decided already. */
    boolean decide(String number, Approval approval) {
        return jdbc.sql("update change_record_approval set approver = ?, decision = ?, reason = ?, decided_at = ?"
                                + " where number_ = ? and group_ = ? and decision is null")
                        .params(
                                approval.approver(),
                                approval.decision(),
                                approval.reason(),
                                at(approval.decidedAt()),
                                number,
                                approval.group())
                        .update()
                > 0;
    }

    void withdraw(String number, String person, Instant at) {
        jdbc.sql(
                        "update change_record set withdrawn_by = ?, withdrawn_at = ? where number_ = ? and withdrawn_at is null")
                .params(person, at(at), number)
                .update();
    }

    private List<Entry> entries(String sql, Object... params) {
        Map<String, Entry> entries = new LinkedHashMap<>();
        jdbc.sql(sql)
                .params(List.of(params))
                .query((row, n) -> entry(row))
                .list()
                .forEach(row -> entries.merge(row.number(), row, RegisterStore::join));
        return List.copyOf(entries.values());
    }

    private static Entry join(Entry one, Entry more) {
        List<Approval> approvals = new java.util.ArrayList<>(one.approvals());
        approvals.addAll(more.approvals());
        return new Entry(
                one.number(),
                one.service(),
                one.version(),
                one.summary(),
                one.windowStart(),
                one.windowEnd(),
                one.enteredBy(),
                one.enteredAt(),
                one.withdrawnAt(),
                approvals);
    }

    private static Entry entry(ResultSet row) throws SQLException {
        return new Entry(
                row.getString("number_"),
                row.getString("service"),
                row.getString("version"),
                row.getString("summary"),
                instant(row, "window_start"),
                instant(row, "window_end"),
                row.getString("entered_by"),
                instant(row, "entered_at"),
                instant(row, "withdrawn_at"),
                List.of(new Approval(
                        row.getString("group_"),
                        row.getString("approver"),
                        row.getString("decision"),
                        row.getString("reason"),
                        instant(row, "decided_at"))));
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime value = row.getObject(column, OffsetDateTime.class);
        return value == null ? null : value.toInstant();
    }

    private static OffsetDateTime at(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
