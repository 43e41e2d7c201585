package dev.countersign.rollback;

import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

@Repository
class RungStore {
    private final JdbcClient jdbc;
    private final Clock clock;

    RungStore(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    void add(Descent descent, String rung, String outcome, String said) {
        jdbc.sql(
                        """
                insert into rollback_rung (release_key, drill, rung, outcome, said, from_, at_)
                values (:release, :drill, :rung, :outcome, :said,
                  coalesce((select max(at_) from rollback_rung where release_key = :release and drill = :drill), :started), :now)""")
                .param("release", descent.releaseKey())
                .param("drill", descent.drill())
                .param("rung", rung)
                .param("outcome", outcome)
                .param("said", RollbackStore.fitting(said))
                .param("started", utc(descent.startedAt()))
                .param("now", utc(clock.instant()))
                .update();
    }

    List<Rung> of(String releaseKey, long drill) {
        return jdbc.sql(
                        "select rung, outcome, said, from_, at_ from rollback_rung where release_key = ? and drill = ? order by id")
                .params(releaseKey, drill)
                .query((row, number) -> new Rung(
                        row.getString("rung"),
                        row.getString("outcome"),
                        row.getString("said"),
                        row.getObject("from_", OffsetDateTime.class).toInstant(),
                        row.getObject("at_", OffsetDateTime.class).toInstant()))
                .list();
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
