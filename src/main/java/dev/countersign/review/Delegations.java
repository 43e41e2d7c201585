package dev.countersign.review;

import java.time.Clock;
import java.time.OffsetDateTime;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Who votes for whom: dated, for one seat of one release, one hop. */
@Component
class Delegations {
    private final JdbcClient db;
    private final Clock clock;

    Delegations(JdbcClient db, Clock clock) {
        this.db = db;
        this.clock = clock;
    }

    record Delegation(String seat, String principal, String delegate, OffsetDateTime until, OffsetDateTime givenAt) {}

    /** Those that hold now. */
    List<Delegation> of(String releaseKey) {
        return db.sql("select * from review_delegation where release_key = ? and until_ > ? order by id")
                .params(releaseKey, OffsetDateTime.now(clock))
                .query((rs, row) -> new Delegation(
                        rs.getString("seat"),
                        rs.getString("principal"),
                        rs.getString("delegate"),
                        rs.getObject("until_", OffsetDateTime.class),
                        rs.getObject("given_at", OffsetDateTime.class)))
                .list();
    }

    void give(String releaseKey, String seat, String principal, String delegate, OffsetDateTime until) {
        db.sql("insert into review_delegation (release_key, seat, principal, delegate, until_, given_at)"
                        + " values (?,?,?,?,?,?)")
                .params(releaseKey, seat, principal, delegate, until, OffsetDateTime.now(clock))
                .update();
    }
}
