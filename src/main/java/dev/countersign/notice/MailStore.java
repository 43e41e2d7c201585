package dev.countersign.notice;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.countersign.notice.Delivery.State;
import java.io.UncheckedIOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.GeneratedKeyHolder;
import org.springframework.stereotype.Repository;

/** The tables {@code mail} and {@code mail_delivery}. */
@Repository
class MailStore {
    private final JdbcClient jdbc;
    private final ObjectMapper json;

    MailStore(JdbcClient jdbc, ObjectMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    long add(Notices.Notice notice, String subject, MailText body, Instant now) {
        var key = new GeneratedKeyHolder();
        jdbc.sql(
                        """
                        insert into mail (release_key, kind, groups_, people, addresses, subject, text_, html, invitation, created_at, trying_since, attempts)
                        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)
                        """)
                .params(
                        notice.releaseKey(),
                        notice.kind(),
                        String.join(" ", new TreeSet<>(notice.groups())),
                        String.join(" ", new TreeSet<>(notice.people())),
                        String.join(" ", new TreeSet<>(notice.addresses())),
                        subject,
                        body.text(),
                        body.html(),
                        notice.invitation() == null ? null : written(notice.invitation()),
                        time(now),
                        time(now))
                .update(key, "id");
        return Objects.requireNonNull(key.getKeyAs(Long.class), "the database gave the mail no id");
    }

    Optional<Mail> find(long id) {
        return jdbc.sql("select * from mail where id = ?")
                .param(id)
                .query(this::mail)
                .optional();
    }

    void addressed(long id, Instant at) {
        jdbc.sql("update mail set addressed_at = ? where id = ?")
                .params(time(at), id)
                .update();
    }

    void attempted(long id) {
        jdbc.sql("update mail set attempts = attempts + 1 where id = ?")
                .param(id)
                .update();
    }

    void startAnew(long id, Instant now) {
        jdbc.sql("update mail set attempts = 0, trying_since = ? where id = ?")
                .params(time(now), id)
                .update();
        jdbc.sql("update mail_delivery set state = 'WAITING' where mail_id = ? and state = 'FAILED'")
                .param(id)
                .update();
    }

    void add(Delivery delivery) {
        jdbc.sql(
                        """
                        insert into mail_delivery (mail_id, person, name, address, message_id, ics, state, last_error, done_at)
                        values (?, ?, ?, ?, ?, ?, ?, ?, ?)
                        """)
                .params(
                        delivery.mailId(),
                        delivery.person(),
                        delivery.name(),
                        delivery.address(),
                        delivery.messageId(),
                        delivery.ics(),
                        delivery.state().name(),
                        delivery.lastError(),
                        delivery.doneAt() == null ? null : time(delivery.doneAt()))
                .update();
    }

    List<Delivery> deliveriesOf(long mail) {
        return jdbc.sql("select * from mail_delivery where mail_id = ? order by person")
                .param(mail)
                .query(MailStore::delivery)
                .list();
    }

    void done(long delivery, State state, String error, Instant at) {
        jdbc.sql("update mail_delivery set state = ?, last_error = ?, done_at = ? where id = ?")
                .params(state.name(), shortened(error), time(at), delivery)
                .update();
    }

    void failed(long delivery, String error) {
        jdbc.sql("update mail_delivery set last_error = ? where id = ?")
                .params(shortened(error), delivery)
                .update();
    }

    /**
     * @param person only mail to this person; null for everybody's
     * @param releaseKey null for all releases
     */
    List<Listed> list(String person, String releaseKey, int page, int size) {
        return jdbc.sql(
                        """
                        select m.id, m.release_key, m.kind, m.subject, m.created_at, m.invitation,
                               count(d.id) as people, sum(case when d.state = 'SENT' then 1 else 0 end) as sent,
                               sum(case when d.state = 'KEPT' then 1 else 0 end) as kept,
                               sum(case when d.state = 'FAILED' then 1 else 0 end) as failed
                        from mail m left join mail_delivery d on d.mail_id = m.id
                        where (cast(:release as varchar) is null or m.release_key = :release)
                          and (cast(:person as varchar) is null
                               or exists (select 1 from mail_delivery o where o.mail_id = m.id and o.person = :person))
                        group by m.id, m.release_key, m.kind, m.subject, m.created_at, m.invitation
                        order by m.id desc limit :size offset :offset
                        """)
                .param("release", releaseKey)
                .param("person", person)
                .param("size", size)
                .param("offset", (long) page * size)
                .query((row, n) -> new Listed(
                        row.getLong("id"),
                        row.getString("release_key"),
                        row.getString("kind"),
                        row.getString("subject"),
                        instant(row, "created_at"),
                        row.getString("invitation") != null,
                        row.getInt("people"),
                        row.getInt("sent"),
                        row.getInt("kept"),
                        row.getInt("failed")))
                .list();
    }

    long count(State state) {
        return jdbc.sql("select count(*) from mail_delivery where state = ?")
                .param(state.name())
                .query(Long.class)
                .single();
    }

    /** One row of the list; what is neither sent, kept nor failed is waiting. */
    record Listed(
            long id,
            String releaseKey,
            String kind,
            String subject,
            Instant createdAt,
            boolean invitation,
            int people,
            int sent,
            int kept,
            int failed) {
        public int waiting() {
            return people - sent - kept - failed;
        }
    }

    private Mail mail(ResultSet row, int number) throws SQLException {
        String invitation = row.getString("invitation");
        return new Mail(
                row.getLong("id"),
                row.getString("release_key"),
                row.getString("kind"),
                words(row.getString("groups_")),
                words(row.getString("people")),
                words(row.getString("addresses")),
                row.getString("subject"),
                row.getString("text_"),
                row.getString("html"),
                invitation == null ? null : read(invitation),
                instant(row, "created_at"),
                instant(row, "trying_since"),
                instant(row, "addressed_at"),
                row.getInt("attempts"));
    }

    private static Delivery delivery(ResultSet row, int number) throws SQLException {
        return new Delivery(
                row.getLong("id"),
                row.getLong("mail_id"),
                row.getString("person"),
                row.getString("name"),
                row.getString("address"),
                row.getString("message_id"),
                row.getString("ics"),
                State.valueOf(row.getString("state")),
                row.getString("last_error"),
                instant(row, "done_at"));
    }

    private static Set<String> words(String text) {
        return text.isEmpty() ? Set.of() : new TreeSet<>(List.of(text.split(" ")));
    }

    private String written(Notices.Invitation invitation) {
        try {
            return json.writeValueAsString(invitation);
        } catch (JsonProcessingException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private Notices.Invitation read(String invitation) {
        try {
            return json.readValue(invitation, Notices.Invitation.class);
        } catch (JsonProcessingException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static String shortened(String text) {
        return text == null || text.length() <= 1000 ? text : text.substring(0, 1000);
    }

    private static OffsetDateTime time(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
