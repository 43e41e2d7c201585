package dev.countersign.rollback;

import dev.countersign.evidence.RollbackScripts.RollbackScript;
import dev.countersign.release.Release;
import dev.countersign.rollout.Staging;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.GeneratedKeyHolder;
import org.springframework.stereotype.Repository;

@Repository
class DrillStore implements Drills {
    private final JdbcClient jdbc;
    private final Clock clock;

    DrillStore(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    @Override
    public List<Drill> ofRelease(String releaseKey) {
        return jdbc.sql("select * from rollback_drill where release_key = ? order by id desc")
                .param(releaseKey)
                .query(DrillStore::row)
                .list();
    }

    Drill get(String releaseKey, long id) {
        return jdbc.sql("select * from rollback_drill where id = ? and release_key = ?")
                .params(id, releaseKey)
                .query(DrillStore::row)
                .optional()
                .orElseThrow(() -> new IllegalStateException("%s has no drill %d".formatted(releaseKey, id)));
    }

    Descent descent(String releaseKey, long id) {
        Drill drill = get(releaseKey, id);
        if (drill.beganAt() == null) {
            throw new IllegalStateException("The drill %d of %s has not begun".formatted(id, releaseKey));
        }
        return new Descent(
                releaseKey,
                id,
                Staging.of(drill.service()),
                drill.candidate(),
                drill.baseline(),
                drill.maxErrorRate(),
                drill.beganAt(),
                drill.beganAt());
    }

    /**
     * The newest that showed anything of this script, with its database: one whose database was taken down, or that failed, whatever it came to. One that succeeded and left
     * the database alone says nothing against what an earlier one has shown.
     */
    Optional<Drill> newestWithDatabase(String service, String scriptDigest) {
        return jdbc.sql(
                        """
                select * from rollback_drill d where service = ? and script_digest = ? and (result = 'failed' or result = 'succeeded'
                  and exists (select 1 from rollback_rung r where r.release_key = d.release_key and r.drill = d.id
                    and r.rung = 'database' and r.outcome = 'done'))
                order by ended_at desc, id desc fetch first 1 rows only""")
                .params(service, scriptDigest)
                .query(DrillStore::row)
                .optional();
    }

    /** The newest that showed anything of this script. */
    Optional<Drill> newest(String service, String scriptDigest) {
        return jdbc.sql(
                        """
                select * from rollback_drill where service = ? and script_digest = ? and result in ('succeeded', 'failed')
                order by ended_at desc, id desc fetch first 1 rows only""")
                .params(service, scriptDigest)
                .query(DrillStore::row)
                .optional();
    }

    /** Whatever died long ago holds the service's place in staging no more. */
    void free(String service, Duration longest) {
        jdbc.sql("update rollback_drill set slot = null where slot = ? and wanted_at <= ?")
                .params(service, clock.instant().minus(longest).atOffset(ZoneOffset.UTC))
                .update();
    }

    /**
     * Takes the service's place in staging, which there is once.
     *
     * @throws org.springframework.dao.DuplicateKeyException where another drill has it
     */
    long want(Release release, RollbackScript script, Duration budget, double maxErrorRate, String by) {
        var key = new GeneratedKeyHolder();
        jdbc.sql(
                        """
                insert into rollback_drill (release_key, service, environment, script_path, script_digest, procedure_path, procedure_digest,
                  owner, budget, max_error_rate, wanted_by, wanted_at, candidate, slot)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""")
                .params(
                        release.key(),
                        release.service(),
                        Staging.ENVIRONMENT,
                        script.path(),
                        script.digest(),
                        script.procedure().path(),
                        script.procedure().digest(),
                        script.owner(),
                        budget.toString(),
                        maxErrorRate,
                        by,
                        now(),
                        release.artifacts().get(0).digest(),
                        release.service())
                .update(key, "id");
        return Objects.requireNonNull(key.getKeyAs(Long.class), "the database gave the drill no id");
    }

    void because(long id, String why) {
        jdbc.sql("update rollback_drill set because = ? where id = ?")
                .params(RollbackStore.fitting(why), id)
                .update();
    }

    /** @return false where another process runs it already */
    boolean bind(String releaseKey, long id, String processInstance) {
        return jdbc.sql(
                                "update rollback_drill set process_instance = ? where id = ? and release_key = ? and process_instance is null and result is null")
                        .params(processInstance, id, releaseKey)
                        .update()
                == 1;
    }

    void baseline(long id, String digest) {
        jdbc.sql("update rollback_drill set baseline = ? where id = ?")
                .params(digest, id)
                .update();
    }

    void begin(long id) {
        jdbc.sql("update rollback_drill set began_at = ? where id = ? and began_at is null")
                .params(now(), id)
                .update();
    }

    void end(long id, String result, String because) {
        jdbc.sql(
                        "update rollback_drill set ended_at = :at, result = :result, because = :because, slot = null where id = :id and result is null")
                .param("at", now())
                .param("result", result)
                .param("because", because == null ? null : RollbackStore.fitting(because), java.sql.Types.VARCHAR)
                .param("id", id)
                .update();
    }

    private static Drill row(ResultSet row, int number) throws SQLException {
        return new Drill(
                row.getLong("id"),
                row.getString("release_key"),
                row.getString("service"),
                row.getString("environment"),
                row.getString("script_path"),
                row.getString("script_digest"),
                row.getString("procedure_path"),
                row.getString("procedure_digest"),
                row.getString("owner"),
                Duration.parse(row.getString("budget")),
                row.getDouble("max_error_rate"),
                row.getString("wanted_by"),
                instant(row, "wanted_at"),
                row.getString("candidate"),
                row.getString("baseline"),
                instant(row, "began_at"),
                instant(row, "ended_at"),
                row.getString("result"),
                row.getString("because"));
    }

    private OffsetDateTime now() {
        return clock.instant().atOffset(ZoneOffset.UTC);
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime value = row.getObject(column, OffsetDateTime.class);
        return value == null ? null : value.toInstant();
    }
}
