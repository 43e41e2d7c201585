package dev.countersign.review;

import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.GeneratedKeyHolder;
import org.springframework.stereotype.Component;

/** Votes as cast. Rows are added, voided or superseded; none is changed in what it says, none deleted. */
@Component
class VoteStore {
    private final JdbcClient db;
    private final Json json;

    VoteStore(JdbcClient db, Json json) {
        this.db = db;
        this.json = json;
    }

    /** Every vote there was, oldest first. */
    List<VoteRow> all(String releaseKey) {
        return query(releaseKey, "");
    }

    /** Neither voided nor superseded. */
    List<VoteRow> valid(String releaseKey) {
        return query(releaseKey, " and voided_at is null and superseded_by is null");
    }

    private List<VoteRow> query(String releaseKey, String restriction) {
        return db.sql("select * from review_vote where release_key = ?" + restriction + " order by id")
                .param(releaseKey)
                .query((rs, row) -> new VoteRow(
                        rs.getLong("id"),
                        rs.getString("seat"),
                        rs.getString("capacity"),
                        rs.getString("voter"),
                        rs.getString("on_behalf_of"),
                        Choice.valueOf(rs.getString("vote")),
                        rs.getString("reason"),
                        rs.getString("criterion"),
                        rs.getString("dossier"),
                        json.map(rs.getString("seen")),
                        rs.getObject("cast_at", OffsetDateTime.class),
                        rs.getObject("voided_at", OffsetDateTime.class),
                        rs.getString("voided_because")))
                .list();
    }

    long add(String releaseKey, VoteRow vote) {
        var key = new GeneratedKeyHolder();
        db.sql("insert into review_vote (release_key, seat, capacity, voter, on_behalf_of, vote, reason, criterion,"
                        + " dossier, seen, cast_at) values (?,?,?,?,?,?,?,?,?,?,?)")
                .params(Arrays.asList(
                        releaseKey,
                        vote.seat(),
                        vote.capacity(),
                        vote.voter(),
                        vote.onBehalfOf(),
                        vote.vote().name(),
                        vote.reason(),
                        vote.criterion(),
                        vote.dossier(),
                        json.write(vote.seen()),
                        vote.castAt()))
                .update(key, "id");
        return Objects.requireNonNull(key.getKey(), "the database gave the vote no id")
                .longValue();
    }

    void voidVote(long id, OffsetDateTime now, String because) {
        db.sql("update review_vote set voided_at = ?, voided_because = ? where id = ? and voided_at is null")
                .params(now, because, id)
                .update();
    }

    /** The earlier valid votes of the same seat and capacity give way to a new one. */
    void supersede(String releaseKey, String seat, String capacity, long by) {
        db.sql("update review_vote set superseded_by = ? where release_key = ? and seat = ? and capacity = ?"
                        + " and id <> ? and voided_at is null and superseded_by is null")
                .params(by, releaseKey, seat, capacity, by)
                .update();
    }
}
