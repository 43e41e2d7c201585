package dev.countersign.preparation;

import dev.countersign.preparation.Message.State;
import dev.countersign.release.HeldFacts;
import dev.countersign.release.Rows;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.GeneratedKeyHolder;
import org.springframework.stereotype.Repository;

/** The tables {@code communication_plan} and {@code communication_message}. */
@Repository
class PlanRepository {
    private final JdbcClient jdbc;
    private static final String PLAN = "plan";

    private final HeldFacts facts;
    private final Columns columns;

    PlanRepository(JdbcClient jdbc, HeldFacts facts, Columns columns) {
        this.jdbc = jdbc;
        this.facts = facts;
        this.columns = columns;
    }

    Optional<Plan> latest(String releaseKey) {
        return facts.read(releaseKey, PLAN, () -> jdbc.sql(
                        "select * from communication_plan where release_key = ? order by version desc limit 1")
                .param(releaseKey)
                .query(this::plan)
                .optional());
    }

    /** The plan and its messages, read at once, where the last version is final: a dossier is put together often. */
    Optional<FinalPlan> latestFinal(String releaseKey) {
        List<Message> messages = new ArrayList<>();
        List<String> why = jdbc.sql("select p.no_external_because as why, m.* from communication_plan p"
                        + " left join communication_message m on m.plan_id = p.id"
                        + " where p.release_key = ? and p.final_ = true"
                        + " and p.version = (select max(l.version) from communication_plan l where l.release_key = p.release_key)"
                        + " order by m.number_")
                .param(releaseKey)
                .query((row, n) -> {
                    if (row.getString("audience") != null) {
                        messages.add(message(row, n));
                    }
                    return Objects.requireNonNullElse(row.getString("why"), "");
                })
                .list();
        return why.isEmpty() ? Optional.empty() : Optional.of(new FinalPlan(why.get(0), messages));
    }

    /** @param noExternalBecause empty where somebody outside is told */
    record FinalPlan(String noExternalBecause, List<Message> messages) {
        FinalPlan {
            messages = List.copyOf(messages);
        }
    }

    List<Message> messagesOf(long plan) {
        return jdbc.sql("select * from communication_message where plan_id = ? order by number_")
                .param(plan)
                .query(this::message)
                .list();
    }

    /** Of all versions, oldest first. */
    List<Message> messagesOf(String releaseKey) {
        return jdbc.sql("select * from communication_message where release_key = ? order by id")
                .param(releaseKey)
                .query(this::message)
                .list();
    }

    Optional<Message> find(long id) {
        return jdbc.sql("select * from communication_message where id = ?")
                .param(id)
                .query(this::message)
                .optional();
    }

    long insert(Plan plan) {
        facts.changed(plan.releaseKey(), PLAN);
        var key = new GeneratedKeyHolder();
        jdbc.sql(
                        "insert into communication_plan (release_key, version, final_, no_external_because, seen, written_by, written_at, document)"
                                + " values (?, ?, ?, ?, ?, ?, ?, ?)")
                .params(
                        plan.releaseKey(),
                        plan.version(),
                        plan.isFinal(),
                        plan.noExternalBecause(),
                        columns.write(plan.seen()),
                        plan.writtenBy(),
                        Columns.time(plan.writtenAt()),
                        plan.document())
                .update(key, "id");
        return Objects.requireNonNull(key.getKeyAs(Long.class), "the database gave the plan no id");
    }

    void insert(long plan, List<Message> messages) {
        Rows rows =
                new Rows("communication_message (plan_id, release_key, number_, audience, channel, recipients, owner,"
                        + " moment, delay_minutes, at_, subject, words, on_rollback, replacement, state, due_at)");
        messages.forEach(message -> rows.add(
                plan,
                message.releaseKey(),
                message.number(),
                message.audience().name(),
                message.channel(),
                String.join(" ", message.recipients()),
                message.owner(),
                message.moment().name(),
                message.delayMinutes(),
                Columns.time(message.at()),
                message.subject(),
                message.words(),
                message.onRollback().name(),
                message.replacement(),
                message.state().name(),
                Columns.time(message.dueAt())));
        rows.insert(jdbc);
    }

    /** A later version is written: what was not sent of the earlier ones is not sent any more. */
    void withdraw(String releaseKey, Instant at, String because) {
        jdbc.sql("update communication_message set state = 'WITHDRAWN', ended_at = ?, ended_because = ?"
                        + " where release_key = ? and state in ('DRAFT', 'PLANNED')")
                .params(Columns.time(at), because, releaseKey)
                .update();
    }

    void voidIt(String releaseKey, long plan, Instant at, String because) {
        facts.changed(releaseKey, PLAN);
        jdbc.sql("update communication_plan set voided_at = ?, voided_because = ? where id = ? and voided_at is null")
                .params(Columns.time(at), Columns.shortened(because), plan)
                .update();
    }

    void due(long message, Instant at) {
        jdbc.sql("update communication_message set due_at = ? where id = ?")
                .params(Columns.time(at), message)
                .update();
    }

    void sent(long message, Instant at) {
        jdbc.sql("update communication_message set state = 'SENT', sent_at = ? where id = ?")
                .params(Columns.time(at), message)
                .update();
    }

    void ended(long message, State state, Instant at, String because) {
        jdbc.sql("update communication_message set state = ?, ended_at = ?, ended_because = ? where id = ?")
                .params(state.name(), Columns.time(at), Columns.shortened(because), message)
                .update();
    }

    private Plan plan(ResultSet row, int number) throws SQLException {
        return new Plan(
                row.getLong("id"),
                row.getString("release_key"),
                row.getInt("version"),
                row.getBoolean("final_"),
                row.getString("no_external_because"),
                columns.seen(row.getString("seen")),
                row.getString("written_by"),
                Columns.instant(row, "written_at"),
                row.getString("document"),
                Columns.instant(row, "voided_at"),
                row.getString("voided_because"));
    }

    private Message message(ResultSet row, int number) throws SQLException {
        return new Message(
                row.getLong("id"),
                row.getString("release_key"),
                row.getInt("number_"),
                Message.Audience.valueOf(row.getString("audience")),
                row.getString("channel"),
                List.of(row.getString("recipients").split(" ")),
                row.getString("owner"),
                Message.Moment.valueOf(row.getString("moment")),
                row.getInt("delay_minutes"),
                Columns.instant(row, "at_"),
                row.getString("subject"),
                row.getString("words"),
                Message.OnRollback.valueOf(row.getString("on_rollback")),
                row.getString("replacement"),
                State.valueOf(row.getString("state")),
                Columns.instant(row, "due_at"),
                Columns.instant(row, "sent_at"),
                Columns.instant(row, "ended_at"),
                row.getString("ended_because"));
    }
}
