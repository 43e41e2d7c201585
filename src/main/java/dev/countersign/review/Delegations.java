package dev.countersign.review;

import dev.countersign.identity.People;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Who votes for whom: dated, for one seat of one release, one hop. */
@Component
class Delegations {
    private final JdbcClient db;
    private final People people;
    private final Clock clock;

    Delegations(JdbcClient db, People people, Clock clock) {
        this.db = db;
        this.people = people;
        this.clock = clock;
    }

    record Delegation(String seat, String principal, String delegate, OffsetDateTime until, OffsetDateTime givenAt) {}

    /** Those that hold now. */
    List<Delegation> of(String releaseKey) {
        return db
                .sql("select d.*, s.group_ from review_delegation d"
                        + " join review_seat s on s.release_key = d.release_key and s.seat = d.seat"
                        + " where d.release_key = ? and d.until_ > ? and d.withdrawn_at is null order by d.id")
                .params(releaseKey, OffsetDateTime.now(clock))
                .query((rs, row) -> new Given(rs.getString("group_"), delegation(rs)))
                .list()
                .stream()
                .filter(given -> holds(given.group(), given.delegation()))
                .map(Given::delegation)
                .toList();
    }

    private record Given(String group, Delegation delegation) {}

    /** Who leaves the seat's group neither gives nor takes its vote any more. */
    private boolean holds(String group, Delegation delegation) {
        return isIn(group, delegation.principal()) && isIn(group, delegation.delegate());
    }

    private boolean isIn(String group, String person) {
        return people.find(person)
                .filter(known -> known.groups().contains(group))
                .isPresent();
    }

    private static Delegation delegation(ResultSet rs) throws SQLException {
        return new Delegation(
                rs.getString("seat"),
                rs.getString("principal"),
                rs.getString("delegate"),
                rs.getObject("until_", OffsetDateTime.class),
                rs.getObject("given_at", OffsetDateTime.class));
    }

    /** Returns whether there was one that held. */
    boolean withdraw(String releaseKey, String seat, String principal) {
        OffsetDateTime now = OffsetDateTime.now(clock);
        return db.sql(
                                "update review_delegation set withdrawn_at = ? where release_key = ? and seat = ? and principal = ?"
                                        + " and withdrawn_at is null and until_ > ?")
                        .params(now, releaseKey, seat, principal, now)
                        .update()
                > 0;
    }

    void give(String releaseKey, String seat, String principal, String delegate, OffsetDateTime until) {
        db.sql("insert into review_delegation (release_key, seat, principal, delegate, until_, given_at)"
                        + " values (?,?,?,?,?,?)")
                .params(releaseKey, seat, principal, delegate, until, OffsetDateTime.now(clock))
                .update();
    }
}
