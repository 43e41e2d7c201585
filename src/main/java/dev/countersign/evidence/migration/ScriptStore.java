package dev.countersign.evidence.migration;

import dev.countersign.evidence.migration.MigrationScripts.Script;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The scripts that releases have registered, and what rehearsing them found. */
@Repository
class ScriptStore {
    private final JdbcClient jdbc;
    private final NamedParameterJdbcTemplate many;
    private final Clock clock;

    ScriptStore(JdbcClient jdbc, NamedParameterJdbcTemplate many, Clock clock) {
        this.jdbc = jdbc;
        this.many = many;
        this.clock = clock;
    }

    /** @param database the configured one that they are for; null where none is */
    record Registered(String database, String digest, String by, Instant at) {}

    Optional<Registered> find(String releaseKey) {
        return jdbc.sql("select * from migration_registration where release_key = ?")
                .param(releaseKey)
                .query((row, n) -> new Registered(
                        row.getString("database_"),
                        row.getString("digest"),
                        row.getString("registered_by"),
                        row.getObject("registered_at", OffsetDateTime.class).toInstant()))
                .optional();
    }

    List<Script> scripts(String releaseKey) {
        return jdbc.sql("select name, direction, content from migration_script where release_key = ? order by place")
                .param(releaseKey)
                .query((row, n) ->
                        new Script(row.getString("name"), row.getString("direction"), row.getString("content")))
                .list();
    }

    void register(String releaseKey, String database, MigrationScripts scripts, String by) {
        jdbc.sql("delete from migration_script where release_key = ?")
                .param(releaseKey)
                .update();
        jdbc.sql("delete from migration_registration where release_key = ?")
                .param(releaseKey)
                .update();
        jdbc.sql(
                        "insert into migration_registration (release_key, database_, digest, registered_by, registered_at) values (:release, :database, :digest, :by, :at)")
                .param("release", releaseKey)
                .param("database", database, java.sql.Types.VARCHAR)
                .param("digest", scripts.digest())
                .param("by", by)
                .param("at", now())
                .update();
        List<Script> all = scripts.all();
        MapSqlParameterSource[] rows = new MapSqlParameterSource[all.size()];
        for (int place = 0; place < rows.length; place++) {
            Script script = all.get(place);
            rows[place] = new MapSqlParameterSource("release", releaseKey)
                    .addValue("place", place)
                    .addValue("name", script.name())
                    .addValue("direction", script.direction())
                    .addValue("sha256", script.sha256())
                    .addValue("content", script.content());
        }
        many.batchUpdate(
                "insert into migration_script (release_key, place, name, direction, sha256, content) values (:release, :place, :name, :direction, :sha256, :content)",
                rows);
    }

    Optional<byte[]> rehearsal(String releaseKey, String digest) {
        return jdbc.sql("select document from migration_rehearsal where release_key = ? and digest = ?")
                .params(releaseKey, digest)
                .query((row, n) -> row.getBytes("document"))
                .optional();
    }

    void forget(String releaseKey, String digest) {
        jdbc.sql("delete from migration_rehearsal where release_key = ? and digest = ?")
                .params(releaseKey, digest)
                .update();
    }

    void rehearsed(String releaseKey, String digest, byte[] document) {
        forget(releaseKey, digest);
        jdbc.sql("insert into migration_rehearsal (release_key, digest, document, rehearsed_at) values (?, ?, ?, ?)")
                .params(releaseKey, digest, document, now())
                .update();
    }

    /** @return false while somebody else holds it */
    boolean hold(String database, String by, Duration longest) {
        OffsetDateTime until = now().plus(longest);
        boolean taken = jdbc.sql(
                                "update migration_scratch set held_by = ?, held_until = ? where database_ = ? and (held_until < ? or held_by = ?)")
                        .params(by, until, database, now(), by)
                        .update()
                == 1;
        if (taken) {
            return true;
        }
        try {
            jdbc.sql("insert into migration_scratch (database_, held_by, held_until) values (?, ?, ?)")
                    .params(database, by, until)
                    .update();
            return true;
        } catch (DuplicateKeyException held) {
            return false;
        }
    }

    void letGo(String database, String by) {
        jdbc.sql("delete from migration_scratch where database_ = ? and held_by = ?")
                .params(database, by)
                .update();
    }

    private OffsetDateTime now() {
        return clock.instant().atOffset(ZoneOffset.UTC);
    }
}
