package dev.countersign.gate.signoff;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.countersign.release.HeldFacts;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

@Repository
class SignoffRepository {
    private final JdbcClient jdbc;
    private static final String SIGNOFFS = "signoffs";

    private final HeldFacts facts;
    private final ObjectMapper json;

    SignoffRepository(JdbcClient jdbc, HeldFacts facts, ObjectMapper json) {
        this.jdbc = jdbc;
        this.facts = facts;
        this.json = json;
    }

    /** All there ever were, oldest first. */
    List<Signoff> of(String releaseKey) {
        return facts.read(
                releaseKey,
                SIGNOFFS,
                () -> List.copyOf(jdbc.sql("select * from signoff where release_key = ? order by id")
                        .param(releaseKey)
                        .query(this::signoff)
                        .list()));
    }

    void insert(String releaseKey, Signoff signoff) {
        facts.changed(releaseKey, SIGNOFFS);
        jdbc.sql(
                        "insert into signoff (release_key, name, outcome, person, reason, dossier, seen, signed_at) values (?, ?, ?, ?, ?, ?, ?, ?)")
                .params(
                        releaseKey,
                        signoff.name(),
                        signoff.outcome(),
                        signoff.person(),
                        signoff.reason(),
                        signoff.dossier(),
                        write(signoff.seen()),
                        signoff.signedAt().atOffset(ZoneOffset.UTC))
                .update();
    }

    void voidIt(String releaseKey, long id, Instant at, String because) {
        facts.changed(releaseKey, SIGNOFFS);
        jdbc.sql("update signoff set voided_at = ?, voided_because = ? where id = ? and voided_at is null")
                .params(at.atOffset(ZoneOffset.UTC), because.substring(0, Math.min(1000, because.length())), id)
                .update();
    }

    private Signoff signoff(ResultSet row, int n) throws SQLException {
        return new Signoff(
                row.getLong("id"),
                row.getString("name"),
                row.getString("outcome"),
                row.getString("person"),
                row.getString("reason"),
                row.getString("dossier"),
                read(row.getString("seen")),
                instant(row, "signed_at"),
                instant(row, "voided_at"),
                row.getString("voided_because"));
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime value = row.getObject(column, OffsetDateTime.class);
        return value == null ? null : value.toInstant();
    }

    private String write(Map<String, String> seen) {
        try {
            return json.writeValueAsString(seen);
        } catch (JsonProcessingException broken) {
            throw new IllegalArgumentException(broken);
        }
    }

    private Map<String, String> read(String seen) {
        try {
            return json.readValue(seen, new TypeReference<>() {});
        } catch (JsonProcessingException broken) {
            throw new IllegalStateException(broken);
        }
    }
}
