package dev.countersign.preparation;

import dev.countersign.release.HeldFacts;
import dev.countersign.release.Rows;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The table {@code checklist_tick}. */
@Repository
class TickRepository {
    private final JdbcClient jdbc;
    private static final String TICKS = "ticks";

    private final HeldFacts facts;
    private final Columns columns;

    TickRepository(JdbcClient jdbc, HeldFacts facts, Columns columns) {
        this.jdbc = jdbc;
        this.facts = facts;
        this.columns = columns;
    }

    /** All there ever were, oldest first. */
    List<Tick> of(String releaseKey) {
        return facts.read(
                releaseKey,
                TICKS,
                () -> List.copyOf(jdbc.sql("select * from checklist_tick where release_key = ? order by id")
                        .param(releaseKey)
                        .query(this::tick)
                        .list()));
    }

    void insert(String releaseKey, List<Tick> ticks) {
        facts.changed(releaseKey, TICKS);
        Rows rows = new Rows("checklist_tick (release_key, checklist, item, role_, person, evidence, seen, ticked_at)");
        ticks.forEach(tick -> rows.add(
                releaseKey,
                tick.checklist(),
                tick.item(),
                tick.role(),
                tick.person(),
                tick.evidence(),
                columns.write(tick.seen()),
                Columns.time(tick.tickedAt())));
        rows.insert(jdbc);
    }

    void voidThem(String releaseKey, List<Long> ids, Instant at, String because) {
        facts.changed(releaseKey, TICKS);
        jdbc.sql(
                        "update checklist_tick set voided_at = :at, voided_because = :because where id in (:ids) and voided_at is null")
                .param("at", Columns.time(at))
                .param("because", Columns.shortened(because))
                .param("ids", ids)
                .update();
    }

    private Tick tick(ResultSet row, int number) throws SQLException {
        return new Tick(
                row.getLong("id"),
                row.getString("checklist"),
                row.getString("item"),
                row.getString("role_"),
                row.getString("person"),
                row.getString("evidence"),
                columns.seen(row.getString("seen")),
                Columns.instant(row, "ticked_at"),
                Columns.instant(row, "voided_at"));
    }
}
