package dev.countersign.evidence.wayback;

import dev.countersign.evidence.RollbackScripts.Procedure;
import dev.countersign.evidence.RollbackScripts.Reading;
import dev.countersign.evidence.RollbackScripts.RollbackScript;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

@Repository
class RollbackScriptStore {
    private static final int LONGEST = 2000;
    private final JdbcClient jdbc;
    private final Clock clock;

    RollbackScriptStore(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    Optional<RollbackScript> find(String releaseKey) {
        return jdbc.sql("select * from rollback_script where release_key = ?")
                .param(releaseKey)
                .query((row, number) -> new RollbackScript(
                        row.getString("path"),
                        row.getString("digest"),
                        new Procedure(row.getString("procedure_path"), row.getString("procedure_digest")),
                        row.getString("owner"),
                        row.getString("registered_by"),
                        row.getObject("registered_at", OffsetDateTime.class).toInstant(),
                        reading(row)))
                .optional();
    }

    private static Reading reading(ResultSet row) throws SQLException {
        OffsetDateTime at = row.getObject("read_at", OffsetDateTime.class);
        return at == null
                ? null
                : new Reading(
                        row.getString("read_digest"),
                        row.getBoolean("executable"),
                        row.getString("said"),
                        at.toInstant());
    }

    void register(String releaseKey, RollbackScript script) {
        jdbc.sql("delete from rollback_script where release_key = ?")
                .param(releaseKey)
                .update();
        jdbc.sql(
                        """
                insert into rollback_script (release_key, path, digest, procedure_path, procedure_digest, owner, registered_by, registered_at)
                values (?, ?, ?, ?, ?, ?, ?, ?)""")
                .params(
                        releaseKey,
                        script.path(),
                        script.digest(),
                        script.procedure().path(),
                        script.procedure().digest(),
                        script.owner(),
                        script.registeredBy(),
                        now())
                .update();
    }

    void read(String releaseKey, String digest, boolean executable, String said) {
        String text = said.replace('\0', ' ');
        jdbc.sql(
                        "update rollback_script set read_digest = :digest, executable = :executable, said = :said, read_at = :at where release_key = :release")
                .param("digest", digest, Types.VARCHAR)
                .param("executable", executable)
                .param("said", text.length() <= LONGEST ? text : text.substring(0, LONGEST - 1) + "…")
                .param("at", now())
                .param("release", releaseKey)
                .update();
    }

    private OffsetDateTime now() {
        return clock.instant().atOffset(ZoneOffset.UTC);
    }
}
