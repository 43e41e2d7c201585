package dev.countersign.review;

import dev.countersign.release.HeldFacts;
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
    private static final String VOTES = "votes";
    private static final String ALL_VOTES = "all votes";

    private final HeldFacts facts;
    private final Json json;

    VoteStore(JdbcClient db, HeldFacts facts, Json json) {
        this.db = db;
        this.facts = facts;
        this.json = json;
    }

    /** Every vote there was, oldest first. */
    List<VoteRow> all(String releaseKey) {
        return facts.read(releaseKey, ALL_VOTES, () -> List.copyOf(query(releaseKey, "")));
    }

    /** Neither voided nor superseded. */
    List<VoteRow> valid(String releaseKey) {
        return facts.read(
                releaseKey,
                VOTES,
                () -> List.copyOf(query(releaseKey, " and voided_at is null and superseded_by is null")));
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
        facts.changed(releaseKey, VOTES);
        facts.changed(releaseKey, ALL_VOTES);
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

    void voidVote(String releaseKey, long id, OffsetDateTime now, String because) {
        facts.changed(releaseKey, VOTES);
        facts.changed(releaseKey, ALL_VOTES);
        db.sql("update review_vote set voided_at = ?, voided_because = ? where id = ? and voided_at is null")
                .params(now, because, id)
                .update();
    }
}
