package dev.countersign.review;

import java.time.Clock;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What a veto seat's own authority line was asked, and said. Bound to the material digest. */
@Component
class Appeals {
    private final JdbcClient db;
    private final Clock clock;

    Appeals(JdbcClient db, Clock clock) {
        this.db = db;
        this.clock = clock;
    }

    record AppealRow(
            long id,
            String dossier,
            String seat,
            String matter,
            String authority,
            String why,
            OffsetDateTime openedAt,
            Standing.Answer answer,
            String answeredBy,
            OffsetDateTime answeredAt,
            String reason) {}

    List<AppealRow> all(String releaseKey) {
        return db.sql("select * from review_appeal where release_key = ? order by id")
                .param(releaseKey)
                .query((rs, row) -> new AppealRow(
                        rs.getLong("id"),
                        rs.getString("dossier"),
                        rs.getString("seat"),
                        rs.getString("matter"),
                        rs.getString("authority"),
                        rs.getString("why"),
                        rs.getObject("opened_at", OffsetDateTime.class),
                        rs.getString("answer") == null ? null : Standing.Answer.valueOf(rs.getString("answer")),
                        rs.getString("answered_by"),
                        rs.getObject("answered_at", OffsetDateTime.class),
                        rs.getString("reason")))
                .list();
    }

    List<AppealRow> of(String releaseKey, String dossier) {
        return all(releaseKey).stream()
                .filter(appeal -> appeal.dossier().equals(dossier))
                .toList();
    }

    List<AppealRow> open(String releaseKey, String dossier) {
        return of(releaseKey, dossier).stream()
                .filter(appeal -> appeal.answer() == null)
                .toList();
    }

    Optional<AppealRow> find(String releaseKey, long id) {
        return all(releaseKey).stream().filter(appeal -> appeal.id() == id).findFirst();
    }

    void open(String releaseKey, String dossier, SeatRow seat, String matter, String why) {
        db.sql("insert into review_appeal (release_key, dossier, seat, matter, authority, why, opened_at)"
                        + " values (?,?,?,?,?,?,?)")
                .params(Arrays.asList(
                        releaseKey, dossier, seat.id(), matter, seat.authority(), why, OffsetDateTime.now(clock)))
                .update();
    }

    /** @return false where it has been answered before */
    boolean answer(long id, Standing.Answer answer, String person, String reason) {
        return db.sql("update review_appeal set answer = ?, answered_by = ?, answered_at = ?, reason = ?"
                                + " where id = ? and answer is null")
                        .params(answer.name(), person, OffsetDateTime.now(clock), reason, id)
                        .update()
                == 1;
    }
}
