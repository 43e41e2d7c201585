package dev.countersign.notice.webhook;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Objects;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.GeneratedKeyHolder;
import org.springframework.stereotype.Repository;

/** The table {@code webhook_delivery}. */
@Repository
class WebhookStore {
    private static final int LONGEST_ERROR = 1000;
    private final JdbcClient jdbc;

    WebhookStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    enum State {
        WAITING,
        DELIVERED,
        FAILED
    }

    /** @param body the exact text that is sent and signed, the same at each attempt */
    record Waiting(long id, String receiver, String body, Instant createdAt, int attempts, State state) {}

    long add(String receiver, long mail, String body, Instant at) {
        var key = new GeneratedKeyHolder();
        jdbc.sql(
                        """
                        insert into webhook_delivery (receiver, mail_id, body, created_at, attempts, state)
                        values (?, ?, ?, ?, 0, 'WAITING')""")
                .params(receiver, mail, body, at.atOffset(ZoneOffset.UTC))
                .update(key, "id");
        return Objects.requireNonNull(key.getKeyAs(Long.class), "the database gave the delivery no id");
    }

    Optional<Waiting> find(long id) {
        return jdbc.sql("select * from webhook_delivery where id = ?")
                .param(id)
                .query(this::row)
                .optional();
    }

    void attempted(long id, String error) {
        jdbc.sql("update webhook_delivery set attempts = attempts + 1, last_error = ? where id = ?")
                .params(cut(error), id)
                .update();
    }

    void done(long id, State state, String error, Instant at) {
        jdbc.sql(
                        "update webhook_delivery set state = ?, last_error = coalesce(?, last_error), done_at = ?, attempts = attempts + 1 where id = ?")
                .params(state.name(), cut(error), at.atOffset(ZoneOffset.UTC), id)
                .update();
    }

    long count(State state) {
        return jdbc.sql("select count(*) from webhook_delivery where state = ?")
                .param(state.name())
                .query(Long.class)
                .single();
    }

    private Waiting row(ResultSet row, int number) throws SQLException {
        return new Waiting(
                row.getLong("id"),
                row.getString("receiver"),
                row.getString("body"),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                row.getInt("attempts"),
                State.valueOf(row.getString("state")));
    }

    private static String cut(String error) {
        return error == null || error.length() <= LONGEST_ERROR ? error : error.substring(0, LONGEST_ERROR);
    }
}
