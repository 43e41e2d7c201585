package dev.countersign.rollback;

import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.Set;
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

    /**
     * @param askedGroups of the groups that were asked, those that the person was in; empty where only a token of the issuer said so, null where the decision is from before they
     *     were kept
     */
    record Decided(boolean agreed, String by, Set<String> askedGroups, Instant at) {
        Decided {
            askedGroups = askedGroups == null ? null : Set.copyOf(askedGroups);
        }
    }

    Optional<Decided> find(String releaseKey) {
        return jdbc.sql(
                        "select agreed, decided_by, asked_groups, decided_at from rollback_downgrade where release_key = ?")
                .param(releaseKey)
                .query((row, number) -> new Decided(
                        row.getBoolean("agreed"),
                        row.getString("decided_by"),
                        groups(row.getString("asked_groups")),
                        row.getObject("decided_at", OffsetDateTime.class).toInstant()))
                .optional();
    }

    private static Set<String> groups(String joined) {
        return joined == null ? null : joined.isEmpty() ? Set.of() : Set.of(joined.split(","));
    }

    void decide(String releaseKey, boolean agreed, String by, Set<String> askedGroups, String reason) {
        jdbc.sql("delete from rollback_downgrade where release_key = ?")
                .param(releaseKey)
                .update();
        jdbc.sql(
                        "insert into rollback_downgrade (release_key, agreed, decided_by, asked_groups, reason, decided_at) values (?, ?, ?, ?, ?, ?)")
                .params(
                        releaseKey,
                        agreed,
                        by,
                        String.join(",", askedGroups.stream().sorted().toList()),
                        RollbackStore.fitting(reason),
                        clock.instant().atOffset(ZoneOffset.UTC))
                .update();
    }
}
