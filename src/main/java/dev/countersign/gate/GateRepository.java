package dev.countersign.gate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.countersign.evidence.Evidence.Finding;
import dev.countersign.release.HeldFacts;
import dev.countersign.release.Rows;
import dev.countersign.release.Verdict;
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
class GateRepository {
    private final JdbcClient jdbc;
    private static final String REQUIREMENTS = "gates";
    private static final String EVALUATIONS = "gate evaluations";

    private final HeldFacts facts;
    private final ObjectMapper json;

    GateRepository(JdbcClient jdbc, HeldFacts facts, ObjectMapper json) {
        this.jdbc = jdbc;
        this.facts = facts;
        this.json = json;
    }

    /** @param coveredBy the waiver that covers all findings, until {@code coveredUntil}; null where none does */
    record Evaluation(String gate, Judgement judgement, Long coveredBy, Instant coveredUntil, Instant evaluatedAt) {}

    List<Requirement> requirements(String releaseKey) {
        return facts.read(
                releaseKey,
                REQUIREMENTS,
                () -> List.copyOf(jdbc.sql(
                                "select name, required, owner, reads_, rule from gate where release_key = ? order by place")
                        .param(releaseKey)
                        .query((row, n) -> new Requirement(
                                row.getString("name"),
                                row.getString("required"),
                                row.getString("owner"),
                                row.getString("reads_"),
                                row.getString("rule")))
                        .list()));
    }

    void replaceRequirements(String releaseKey, List<Requirement> gates) {
        if (!requirements(releaseKey).isEmpty()) {
            jdbc.sql("delete from gate where release_key = ?").param(releaseKey).update();
        }
        facts.changed(releaseKey, REQUIREMENTS);
        Rows rows = new Rows("gate (release_key, name, required, owner, reads_, rule, place)");
        for (int place = 0; place < gates.size(); place++) {
            Requirement gate = gates.get(place);
            rows.add(releaseKey, gate.gate(), gate.required(), gate.owner(), gate.reads(), gate.rule(), place);
        }
        rows.insert(jdbc);
    }

    /** The newest evaluation of each gate. */
    List<Evaluation> newest(String releaseKey) {
        return facts.read(
                releaseKey,
                EVALUATIONS,
                () -> List.copyOf(jdbc.sql("select * from gate_evaluation where id in"
                                + " (select max(id) from gate_evaluation where release_key = ? group by gate)")
                        .param(releaseKey)
                        .query(this::evaluation)
                        .list()));
    }

    Optional<Evaluation> newest(String releaseKey, String gate) {
        return newest(releaseKey).stream()
                .filter(evaluation -> evaluation.gate().equals(gate))
                .findFirst();
    }

    List<Evaluation> all(String releaseKey, String gate) {
        return jdbc.sql("select * from gate_evaluation where release_key = ? and gate = ? order by id")
                .params(releaseKey, gate)
                .query(this::evaluation)
                .list();
    }

    /** The newest first. */
    List<Evaluation> newest(String releaseKey, String gate, int most) {
        return jdbc.sql("select * from gate_evaluation where release_key = ? and gate = ? order by id desc limit ?")
                .params(releaseKey, gate, most)
                .query(this::evaluation)
                .list();
    }

    void insert(String releaseKey, Evaluation evaluation) {
        facts.changed(releaseKey, EVALUATIONS);
        Judgement judgement = evaluation.judgement();
        jdbc.sql(
                        """
                insert into gate_evaluation (release_key, gate, verdict, value_, limit_, sample, rule_version, sentence,
                    evidence, documents, findings, controls, valid_until, covered_by, covered_until, evaluated_at)
                values (:release, :gate, :verdict, :value, :limit, :sample, :ruleVersion, :sentence,
                    :evidence, :documents, :findings, :controls, :validUntil, :coveredBy, :coveredUntil, :evaluatedAt)""")
                .param("release", releaseKey)
                .param("gate", evaluation.gate())
                .param("verdict", judgement.verdict().name())
                .param("value", judgement.value())
                .param("limit", judgement.limit())
                .param("sample", judgement.sample())
                .param("ruleVersion", judgement.ruleVersion())
                .param("sentence", judgement.sentence())
                .param("evidence", judgement.evidence())
                .param("documents", write(judgement.documents()))
                .param("findings", write(judgement.findings()))
                .param("controls", write(judgement.controls()))
                .param("validUntil", at(judgement.validUntil()))
                .param("coveredBy", evaluation.coveredBy())
                .param("coveredUntil", at(evaluation.coveredUntil()))
                .param("evaluatedAt", at(evaluation.evaluatedAt()))
                .update();
    }

    private Evaluation evaluation(ResultSet row, int n) throws SQLException {
        return new Evaluation(
                row.getString("gate"),
                new Judgement(
                        Verdict.valueOf(row.getString("verdict")),
                        row.getString("value_"),
                        row.getString("limit_"),
                        row.getObject("sample", Long.class),
                        row.getString("rule_version"),
                        row.getString("sentence"),
                        row.getString("evidence"),
                        read(row.getString("documents"), new TypeReference<>() {}),
                        read(row.getString("findings"), new TypeReference<List<Finding>>() {}),
                        read(row.getString("controls"), new TypeReference<List<Gates.Control>>() {}),
                        instant(row, "valid_until")),
                row.getObject("covered_by", Long.class),
                instant(row, "covered_until"),
                instant(row, "evaluated_at"));
    }

    static OffsetDateTime at(Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }

    static Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime value = row.getObject(column, OffsetDateTime.class);
        return value == null ? null : value.toInstant();
    }

    private String write(Object value) {
        try {
            return json.writeValueAsString(value);
        } catch (JsonProcessingException broken) {
            throw new IllegalArgumentException(broken);
        }
    }

    private <T> T read(String value, TypeReference<T> type) {
        try {
            return json.readValue(value, type);
        } catch (JsonProcessingException broken) {
            throw new IllegalStateException(broken);
        }
    }
}
