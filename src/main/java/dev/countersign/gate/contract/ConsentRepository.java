package dev.countersign.gate.contract;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

@Repository
class ConsentRepository {
    private final JdbcClient jdbc;
    private final ObjectMapper json;

    ConsentRepository(JdbcClient jdbc, ObjectMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    /** Oldest first. */
    List<Consent> of(String releaseKey) {
        return jdbc.sql("select * from contract_consent where release_key = ? order by id")
                .param(releaseKey)
                .query(this::consent)
                .list();
    }

    Optional<Consent> find(long id) {
        return jdbc.sql("select * from contract_consent where id = ?")
                .param(id)
                .query(this::consent)
                .optional();
    }

    void insert(Consent consent) {
        jdbc.sql(
                        """
                insert into contract_consent (release_key, comparison, type, sha256, source, base_, consumer, owner, alternate, changes, asked_at)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""")
                .params(
                        consent.releaseKey(),
                        consent.comparison(),
                        consent.type(),
                        consent.sha256(),
                        consent.source(),
                        consent.base(),
                        consent.consumer(),
                        consent.owner(),
                        consent.alternate(),
                        write(consent.changes()),
                        at(consent.askedAt()))
                .update();
    }

    void escalate(long id, Instant now) {
        jdbc.sql("update contract_consent set escalated_at = ? where id = ? and answer is null")
                .params(at(now), id)
                .update();
    }

    /** Returns whether it was still waited for. */
    boolean answer(long id, String answer, String person, String reason, Instant now) {
        return jdbc.sql("update contract_consent set answer = ?, person = ?, reason = ?, answered_at = ?"
                                + " where id = ? and answer is null")
                        .params(answer, person, reason, at(now), id)
                        .update()
                == 1;
    }

    private Consent consent(ResultSet row, int n) throws SQLException {
        return new Consent(
                row.getLong("id"),
                row.getString("release_key"),
                row.getString("comparison"),
                row.getString("type"),
                row.getString("sha256"),
                row.getString("source"),
                row.getString("base_"),
                row.getString("consumer"),
                row.getString("owner"),
                row.getString("alternate"),
                read(row.getString("changes")),
                instant(row, "asked_at"),
                instant(row, "escalated_at"),
                row.getString("answer"),
                row.getString("person"),
                row.getString("reason"),
                instant(row, "answered_at"));
    }

    private static OffsetDateTime at(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime value = row.getObject(column, OffsetDateTime.class);
        return value == null ? null : value.toInstant();
    }

    private String write(List<Consent.Change> changes) {
        try {
            return json.writeValueAsString(changes);
        } catch (JsonProcessingException broken) {
            throw new IllegalArgumentException(broken);
        }
    }

    private List<Consent.Change> read(String changes) {
        try {
            return json.readValue(changes, new TypeReference<>() {});
        } catch (JsonProcessingException broken) {
            throw new IllegalStateException(broken);
        }
    }
}
