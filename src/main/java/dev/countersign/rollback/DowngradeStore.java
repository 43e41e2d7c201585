package dev.countersign.rollback;

import java.time.Clock;
import java.time.ZoneOffset;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** What the person said who was asked whether a database is taken down. */
@Repository
class DowngradeStore {
    private final JdbcClient jdbc;
    private final Clock clock;

    DowngradeStore(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    record Decided(boolean agreed, String by) {}

    Optional<Decided> find(String releaseKey) {
        return jdbc.sql("select agreed, decided_by from rollback_downgrade where release_key = ?")
                .param(releaseKey)
                .query((row, number) -> new Decided(row.getBoolean("agreed"), row.getString("decided_by")))
                .optional();
    }

    void decide(String releaseKey, boolean agreed, String by, String reason) {
        jdbc.sql("delete from rollback_downgrade where release_key = ?")
                .param(releaseKey)
                .update();
        jdbc.sql(
                        "insert into rollback_downgrade (release_key, agreed, decided_by, reason, decided_at) values (?, ?, ?, ?, ?)")
                .params(
                        releaseKey,
                        agreed,
                        by,
                        RollbackStore.fitting(reason),
                        clock.instant().atOffset(ZoneOffset.UTC))
                .update();
    }
}
