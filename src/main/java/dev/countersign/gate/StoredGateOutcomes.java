package dev.countersign.gate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.countersign.gate.Gates.Control;
import dev.countersign.release.Verdict;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

@Repository
class StoredGateOutcomes implements GateOutcomes {
    /** By name, and those that a table gives to one of the owners: a gate that a process owner adds is in the report too. */
    private static final Set<String> SECURITY = Set.of(
            "sast", "sca", "licences", "infrastructure-compliance", "penetration-test", "certificates", "privacy");

    private static final Set<String> OWNERS = Set.of("security", "head-of-security", "compliance", "privacy", "legal");

    private static final String FROM =
            """
             from gate_evaluation e join release r on r.key_ = e.release_key
             left join gate g on g.release_key = e.release_key and g.name = e.gate
             left join gate_waiver w on w.id = e.covered_by
            where e.evaluated_at >= :from and e.evaluated_at < :to and (e.gate in (:gates) or g.owner in (:owners))""";

    private final JdbcClient jdbc;
    private final ObjectMapper json;

    StoredGateOutcomes(JdbcClient jdbc, ObjectMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    @Override
    public List<Outcome> list(Wanted wanted, Position after, int size) {
        if (isNone(wanted)) {
            return List.of();
        }
        Map<String, Object> values = new HashMap<>();
        String where = where(wanted, values);
        if (after != null) {
            where += " and (e.evaluated_at < :at or e.evaluated_at = :at and e.id < :id)";
            values.put("at", GateRepository.at(after.at()));
            values.put("id", after.id());
        }
        values.put("size", size);
        return jdbc.sql(
                        "select e.*, r.service, g.required, w.id as waiver, w.reason, w.requested_by, w.decided_by, w.decided_at,"
                                + " w.decision_reason, w.expires" + where
                                + " order by e.evaluated_at desc, e.id desc fetch first :size rows only")
                .params(values)
                .query(this::outcome)
                .list();
    }

    @Override
    public List<Count> counts(Wanted wanted) {
        if (isNone(wanted)) {
            return List.of();
        }
        Map<String, Object> values = new HashMap<>();
        return jdbc.sql("select r.service, e.gate, e.verdict, count(*) as evaluations, count(e.covered_by) as waived"
                        + where(wanted, values) + " group by r.service, e.gate, e.verdict order by 1, 2, 3")
                .params(values)
                .query((row, n) -> new Count(
                        row.getString("service"),
                        row.getString("gate"),
                        Verdict.valueOf(row.getString("verdict")),
                        row.getLong("evaluations"),
                        row.getLong("waived")))
                .list();
    }

    /** A unit without services has no outcomes, and SQL no empty list. */
    private static boolean isNone(Wanted wanted) {
        return wanted.services() != null && wanted.services().isEmpty();
    }

    private String where(Wanted wanted, Map<String, Object> values) {
        StringBuilder where = new StringBuilder(FROM);
        values.put("from", GateRepository.at(wanted.from()));
        values.put("to", GateRepository.at(wanted.to()));
        values.put("gates", SECURITY);
        values.put("owners", OWNERS);
        if (wanted.services() != null) {
            where.append(" and r.service in (:services)");
            values.put("services", wanted.services());
        }
        if (wanted.release() != null) {
            where.append(" and e.release_key = :release");
            values.put("release", wanted.release());
        }
        if (wanted.control() != null) {
            where.append(" and (e.gate = :control or e.controls like :shown escape '!')");
            values.put("control", wanted.control());
            values.put("shown", "%{\"id\":" + literally(write(wanted.control())) + ",\"title\":%");
        }
        return where.toString();
    }

    private static String literally(String text) {
        return text.replace("!", "!!").replace("%", "!%").replace("_", "!_");
    }

    private Outcome outcome(ResultSet row, int n) throws SQLException {
        Long waiver = row.getObject("waiver", Long.class);
        return new Outcome(
                row.getLong("id"),
                GateRepository.instant(row, "evaluated_at"),
                row.getString("service"),
                row.getString("release_key"),
                row.getString("gate"),
                row.getString("required"),
                Verdict.valueOf(row.getString("verdict")),
                row.getString("value_"),
                row.getString("limit_"),
                row.getObject("sample", Long.class),
                row.getString("rule_version"),
                row.getString("sentence"),
                row.getString("evidence"),
                read(row.getString("documents"), new TypeReference<>() {}),
                read(row.getString("controls"), new TypeReference<List<Control>>() {}),
                waiver == null
                        ? null
                        : new Cover(
                                waiver,
                                row.getString("reason"),
                                row.getString("requested_by"),
                                row.getString("decided_by"),
                                GateRepository.instant(row, "decided_at"),
                                row.getString("decision_reason"),
                                GateRepository.instant(row, "expires")));
    }

    private String write(String text) {
        try {
            return json.writeValueAsString(text);
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
