package dev.countersign.review;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Conditions that votes, or the review of the history, put on a release. */
@Component
class Conditions {
    private final JdbcClient db;
    private final Clock clock;

    Conditions(JdbcClient db, Clock clock) {
        this.db = db;
        this.clock = clock;
    }

    /** A condition as somebody states it. */
    record Stated(String text, String owner, OffsetDateTime due, boolean beforeRollout, String check) {}

    /** Those that count: a condition falls with the vote that demanded it. */
    List<ConditionRow> of(String releaseKey) {
        return db.sql("select c.* from review_condition c left join review_vote v on v.id = c.vote_id"
                        + " where c.release_key = ? and c.withdrawn_at is null and (c.vote_id is null"
                        + " or (v.voided_at is null and v.superseded_by is null)) order by c.id")
                .param(releaseKey)
                .query(Conditions::row)
                .list();
    }

    List<ConditionRow> openBeforeRollout(String releaseKey) {
        return of(releaseKey).stream()
                .filter(condition -> condition.beforeRollout() && condition.isOpen())
                .toList();
    }

    /** @return false where it is tracked already */
    boolean track(long id) {
        return db.sql("update review_condition set tracked_at = ? where id = ? and tracked_at is null")
                        .params(OffsetDateTime.now(clock), id)
                        .update()
                == 1;
    }

    /** Whether one is tracked, and open, whose vote is void or was given anew. */
    boolean anyFell(String releaseKey) {
        return db.sql(
                                "select count(*) from review_condition c left join review_vote v on v.id = c.vote_id where c.release_key = ?"
                                        + " and c.tracked_at is not null and c.met_at is null"
                                        + " and (c.withdrawn_at is not null or v.voided_at is not null or v.superseded_by is not null)")
                        .param(releaseKey)
                        .query(Long.class)
                        .single()
                > 0;
    }

    /** Whatever became of the vote that demanded it. */
    ConditionRow get(long id) {
        return db.sql("select * from review_condition where id = ?")
                .param(id)
                .query(Conditions::row)
                .single();
    }

    boolean stands(long id) {
        return find(get(id).releaseKey(), id).isPresent();
    }

    /** Returns how often it has been raised because it was overdue, this time included. */
    int escalated(long id) {
        db.sql("update review_condition set escalations = escalations + 1 where id = ?")
                .param(id)
                .update();
        return db.sql("select escalations from review_condition where id = ?")
                .param(id)
                .query(Integer.class)
                .single();
    }

    Optional<ConditionRow> find(String releaseKey, long id) {
        return of(releaseKey).stream().filter(condition -> condition.id() == id).findFirst();
    }

    void add(String releaseKey, Long voteId, String seat, String statedBy, Stated condition) {
        add(releaseKey, voteId, seat, statedBy, condition, null);
    }

    /** One that an assessment demands: it counts for as long as the assessment does. */
    void addOf(String document, String releaseKey, String statedBy, Stated condition) {
        add(releaseKey, null, null, statedBy, condition, document);
    }

    /** The assessments that count are others now: what the earlier ones demanded is not demanded any more. Returns how many fell. */
    int withdrawAllBut(String releaseKey, Collection<String> documents) {
        Set<String> counting = new HashSet<>(documents);
        List<Long> fallen = db
                .sql("select id, document from review_condition where release_key = ? and document is not null"
                        + " and withdrawn_at is null")
                .param(releaseKey)
                .query((row, n) -> Map.entry(row.getLong("id"), row.getString("document")))
                .list()
                .stream()
                .filter(one -> !counting.contains(one.getValue()))
                .map(Map.Entry::getKey)
                .toList();
        if (!fallen.isEmpty()) {
            db.sql("update review_condition set withdrawn_at = :now where id in (:ids)")
                    .param("now", OffsetDateTime.now(clock))
                    .param("ids", fallen)
                    .update();
        }
        return fallen.size();
    }

    private void add(String releaseKey, Long voteId, String seat, String statedBy, Stated condition, String document) {
        db.sql("insert into review_condition (release_key, vote_id, seat, text, owner, due, before_rollout, check_,"
                        + " stated_by, stated_at, document) values (?,?,?,?,?,?,?,?,?,?,?)")
                .params(Arrays.asList(
                        releaseKey,
                        voteId,
                        seat,
                        condition.text(),
                        condition.owner(),
                        // Timers count milliseconds: a due time between two of them would be overdue too late.
                        condition.due().truncatedTo(ChronoUnit.MILLIS),
                        condition.beforeRollout(),
                        condition.check(),
                        statedBy,
                        OffsetDateTime.now(clock),
                        document))
                .update();
    }

    /** @return false where it was met already */
    boolean meet(long id, String person, String how) {
        return db.sql("update review_condition set met_at = ?, met_by = ?, met_how = ?"
                                + " where id = ? and met_at is null")
                        .params(OffsetDateTime.now(clock), person, how, id)
                        .update()
                == 1;
    }

    private static ConditionRow row(ResultSet rs, int number) throws SQLException {
        return new ConditionRow(
                rs.getLong("id"),
                rs.getString("release_key"),
                (Long) rs.getObject("vote_id"),
                rs.getString("seat"),
                rs.getString("text"),
                rs.getString("owner"),
                rs.getObject("due", OffsetDateTime.class),
                rs.getBoolean("before_rollout"),
                rs.getString("check_"),
                rs.getString("stated_by"),
                rs.getObject("met_at", OffsetDateTime.class),
                rs.getString("met_by"),
                rs.getString("met_how"));
    }
}
