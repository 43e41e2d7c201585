package dev.countersign.hotfix;

import static dev.countersign.hotfix.LookbackStore.instant;
import static dev.countersign.hotfix.LookbackStore.time;

import dev.countersign.hotfix.Hotfixes.Approval;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.GeneratedKeyHolder;
import org.springframework.stereotype.Repository;

/** The table {@code hotfix_approval}. */
@Repository
class ApprovalStore {
    private final JdbcClient jdbc;

    ApprovalStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    long add(
            String releaseKey,
            String materialDigest,
            Instant decidedAt,
            Instant endsAt,
            Collection<String> deciders,
            String ruleVersion) {
        var key = new GeneratedKeyHolder();
        jdbc.sql(
                        "insert into hotfix_approval (release_key, material_digest, decided_at, ends_at, deciders, rule_version) values (?, ?, ?, ?, ?, ?)")
                .params(
                        releaseKey,
                        materialDigest,
                        time(decidedAt),
                        time(endsAt),
                        String.join(",", deciders.stream().sorted().toList()),
                        ruleVersion)
                .update(key, "id");
        return Objects.requireNonNull(key.getKey(), "the database gave the approval no id")
                .longValue();
    }

    /** Oldest first. */
    List<Approval> of(String releaseKey) {
        return jdbc.sql("select * from hotfix_approval where release_key = ? order by id")
                .param(releaseKey)
                .query(ApprovalStore::approval)
                .list();
    }

    Optional<Approval> latest(String releaseKey) {
        return of(releaseKey).stream().reduce((first, second) -> second);
    }

    /** When the first approval of this dossier ends, or ended by its time alone; empty where there is none. */
    Optional<Instant> firstEnd(String releaseKey, String materialDigest) {
        return jdbc.sql(
                        """
                select ends_at from hotfix_approval where release_key = ? and ended_at is null
                  and (material_digest = ? or material_digest is null) order by ends_at fetch first 1 rows only""")
                .params(releaseKey, materialDigest)
                .query((row, number) -> instant(row, "ends_at"))
                .optional();
    }

    Approval get(long id) {
        return jdbc.sql("select * from hotfix_approval where id = ?")
                .param(id)
                .query(ApprovalStore::approval)
                .single();
    }

    void end(long id, Instant at) {
        jdbc.sql("update hotfix_approval set ended_at = ? where id = ? and ended_at is null")
                .params(time(at), id)
                .update();
    }

    private static Approval approval(ResultSet row, int number) throws SQLException {
        String deciders = row.getString("deciders");
        return new Approval(
                row.getLong("id"),
                instant(row, "decided_at"),
                instant(row, "ends_at"),
                deciders.isEmpty() ? List.of() : List.of(deciders.split(",")),
                row.getString("rule_version"),
                instant(row, "ended_at"));
    }
}
