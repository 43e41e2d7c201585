package dev.countersign.criteria;

import dev.countersign.criteria.Criteria.CounterProposal;
import dev.countersign.criteria.Criteria.CriteriaSet;
import dev.countersign.criteria.Criteria.Criterion;
import dev.countersign.criteria.Criteria.Position;
import dev.countersign.criteria.Criteria.Statement;
import dev.countersign.release.HeldFacts;
import dev.countersign.release.Rows;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.GeneratedKeyHolder;
import org.springframework.stereotype.Repository;

@Repository
class CriteriaRepository {
    private static final String CRITERIA = "criteria";
    /** Only who negotiates says something or proposes against it: mostly there is nothing to read. */
    private static final String SETS =
            """
            select s.*, (select count(*) from criteria_statement t where t.set_id = s.id) statements,
                (select count(*) from criteria_counter_proposal p where p.set_id = s.id) counter_proposals
            from criteria_set s where s.release_key = ?""";

    private final JdbcClient jdbc;
    private final HeldFacts facts;

    CriteriaRepository(JdbcClient jdbc, HeldFacts facts) {
        this.jdbc = jdbc;
        this.facts = facts;
    }

    Optional<CriteriaSet> newest(String releaseKey) {
        return facts.read(
                releaseKey, CRITERIA, () -> jdbc.sql(SETS + " order by s.version desc fetch first 1 rows only")
                        .param(releaseKey)
                        .query(this::set)
                        .optional());
    }

    /** @param criteria in their order */
    record Agreed(int version, String digest, List<Criterion> criteria) {
        private Agreed and(Agreed more) {
            return new Agreed(
                    version,
                    digest,
                    Stream.concat(criteria.stream(), more.criteria.stream()).toList());
        }
    }

    /** What was agreed, in one statement that is asked each time: empty unless the newest set is agreed. */
    Optional<Agreed> newestAgreed(String releaseKey) {
        return jdbc
                .sql(
                        """
                        select s.version, s.digest, c.* from criteria_set s join criterion c on c.set_id = s.id
                        where s.release_key = :release and s.status = 'AGREED'
                            and s.version = (select max(n.version) from criteria_set n where n.release_key = :release)
                        order by c.number_""")
                .param("release", releaseKey)
                .query((row, index) ->
                        new Agreed(row.getInt("version"), row.getString("digest"), List.of(criterion(row))))
                .list()
                .stream()
                .reduce(Agreed::and);
    }

    List<CriteriaSet> all(String releaseKey) {
        return jdbc.sql(SETS + " order by s.version")
                .param(releaseKey)
                .query(this::set)
                .list();
    }

    /** Whether the newest set is agreed, without reading the rest of it. */
    boolean agreed(String releaseKey) {
        return jdbc.sql(
                        "select status from criteria_set where release_key = ? order by version desc fetch first 1 rows only")
                .param(releaseKey)
                .query(String.class)
                .optional()
                .filter("AGREED"::equals)
                .isPresent();
    }

    void insert(
            String releaseKey,
            int version,
            int round,
            String digest,
            String reason,
            String proposedBy,
            Instant now,
            List<Draft> drafts) {
        facts.changed(releaseKey, CRITERIA);
        if (version > 1) {
            jdbc.sql("update criteria_set set status = 'SUPERSEDED' where release_key = ? and status <> 'SUPERSEDED'")
                    .param(releaseKey)
                    .update();
        }
        var key = new GeneratedKeyHolder();
        jdbc.sql(
                        "insert into criteria_set (release_key, version, round_, status, digest, reason, proposed_by, proposed_at)"
                                + " values (?, ?, ?, 'PROPOSED', ?, ?, ?, ?)")
                .params(releaseKey, version, round, digest, reason, proposedBy, utc(now))
                .update(key, "id");
        long id = Objects.requireNonNull(key.getKeyAs(Long.class), "the database gave the criteria no id");
        Rows rows = new Rows("criterion (set_id, number_, text, binding, limit_, origin, before_)");
        int number = 1;
        for (Draft draft : drafts) {
            rows.add(id, number++, draft.text(), draft.binding(), draft.limit(), draft.origin(), draft.before());
        }
        rows.insert(jdbc);
    }

    void settle(CriteriaSet set, String status, String settledBy, Instant now) {
        facts.changed(set.releaseKey(), CRITERIA);
        jdbc.sql("update criteria_set set status = ?, settled_by = ?, settled_at = ? where id = ?")
                .params(status, settledBy, utc(now), set.id())
                .update();
    }

    void take(CriteriaSet set, String party, String person, String choice, String comment, Instant now) {
        facts.changed(set.releaseKey(), CRITERIA);
        jdbc.sql("insert into criteria_position (set_id, party, person, choice, comment_, taken_at)"
                        + " values (?, ?, ?, ?, ?, ?)")
                .params(set.id(), party, person, choice, comment, utc(now))
                .update();
    }

    void state(CriteriaSet set, String person, String text, Instant now) {
        facts.changed(set.releaseKey(), CRITERIA);
        jdbc.sql("insert into criteria_statement (set_id, person, text, stated_at) values (?, ?, ?, ?)")
                .params(set.id(), person, text, utc(now))
                .update();
    }

    void counter(CriteriaSet set, String party, String person, Counter counter, Instant now) {
        facts.changed(set.releaseKey(), CRITERIA);
        jdbc.sql("insert into criteria_counter_proposal"
                        + " (set_id, party, person, number_, dropped, text, binding, limit_, reason, proposed_at, adopted)"
                        + " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, false)")
                .params(
                        set.id(),
                        party,
                        person,
                        counter.number(),
                        counter.dropped(),
                        counter.text(),
                        counter.binding(),
                        counter.limit(),
                        counter.reason(),
                        utc(now))
                .update();
    }

    void adopt(CriteriaSet set, long counterProposal) {
        facts.changed(set.releaseKey(), CRITERIA);
        jdbc.sql("update criteria_counter_proposal set adopted = true where id = ?")
                .param(counterProposal)
                .update();
    }

    private CriteriaSet set(ResultSet row, int index) throws SQLException {
        long id = row.getLong("id");
        return new CriteriaSet(
                id,
                row.getString("release_key"),
                row.getInt("version"),
                row.getInt("round_"),
                row.getString("status"),
                row.getString("digest"),
                row.getString("reason"),
                row.getString("proposed_by"),
                instant(row, "proposed_at"),
                instant(row, "settled_at"),
                row.getString("settled_by"),
                criteria(id),
                positions(id),
                row.getInt("statements") == 0 ? List.of() : statements(id),
                row.getInt("counter_proposals") == 0 ? List.of() : counterProposals(id));
    }

    private List<Criterion> criteria(long set) {
        return jdbc.sql("select * from criterion where set_id = ? order by number_")
                .param(set)
                .query((row, index) -> criterion(row))
                .list();
    }

    private static Criterion criterion(ResultSet row) throws SQLException {
        return new Criterion(
                row.getInt("number_"),
                row.getString("text"),
                row.getString("binding"),
                row.getString("limit_"),
                row.getString("origin"),
                row.getString("before_"));
    }

    private List<Position> positions(long set) {
        return jdbc.sql("select * from criteria_position where set_id = ? order by id")
                .param(set)
                .query((row, index) -> new Position(
                        row.getString("party"),
                        row.getString("person"),
                        row.getString("choice"),
                        row.getString("comment_"),
                        instant(row, "taken_at")))
                .list();
    }

    private List<Statement> statements(long set) {
        return jdbc.sql("select * from criteria_statement where set_id = ? order by id")
                .param(set)
                .query((row, index) ->
                        new Statement(row.getString("person"), row.getString("text"), instant(row, "stated_at")))
                .list();
    }

    private List<CounterProposal> counterProposals(long set) {
        return jdbc.sql("select * from criteria_counter_proposal where set_id = ? order by id")
                .param(set)
                .query((row, index) -> new CounterProposal(
                        row.getLong("id"),
                        row.getString("party"),
                        row.getString("person"),
                        row.getObject("number_", Integer.class),
                        row.getBoolean("dropped"),
                        row.getString("text"),
                        row.getString("binding"),
                        row.getString("limit_"),
                        row.getString("reason"),
                        instant(row, "proposed_at"),
                        row.getBoolean("adopted")))
                .list();
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
