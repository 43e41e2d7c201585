package dev.countersign.rollout.correlation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.countersign.rollout.FoundRoots;
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
class CorrelationStore implements FoundRoots {
    private static final int LONGEST = 2000;
    private final JdbcClient jdbc;
    private final ObjectMapper json;

    CorrelationStore(JdbcClient jdbc, ObjectMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    void insert(String releaseKey, FoundRoot found) {
        jdbc.sql(
                        "insert into correlation (release_key, occasion, asked_by, computed_at, outcome, reason, service, sentence,"
                                + " action_, evidence, rule_version) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
                .params(
                        releaseKey,
                        found.occasion(),
                        found.askedBy(),
                        found.computedAt().atOffset(ZoneOffset.UTC),
                        found.outcome(),
                        found.reason(),
                        found.service(),
                        cut(found.sentence()),
                        found.action(),
                        found.evidence().toString(),
                        found.ruleVersion())
                .update();
    }

    @Override
    public List<FoundRoot> of(String releaseKey) {
        return jdbc.sql("select * from correlation where release_key = ? order by id desc")
                .param(releaseKey)
                .query(this::row)
                .list();
    }

    Optional<FoundRoot> latest(String releaseKey) {
        return jdbc.sql("select * from correlation where release_key = ? order by id desc fetch first 1 rows only")
                .param(releaseKey)
                .query(this::row)
                .optional();
    }

    private FoundRoot row(ResultSet row, int number) throws SQLException {
        return new FoundRoot(
                row.getLong("id"),
                row.getString("occasion"),
                row.getString("asked_by"),
                instant(row),
                row.getString("outcome"),
                row.getString("reason"),
                row.getString("service"),
                row.getString("sentence"),
                row.getString("action_"),
                read(row.getString("evidence")),
                row.getString("rule_version"));
    }

    private static Instant instant(ResultSet row) throws SQLException {
        return row.getObject("computed_at", OffsetDateTime.class).toInstant();
    }

    private JsonNode read(String evidence) {
        try {
            return json.readTree(evidence);
        } catch (JsonProcessingException broken) {
            throw new IllegalStateException("The stored evidence of a correlation is no JSON", broken);
        }
    }

    private static String cut(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST);
    }
}
