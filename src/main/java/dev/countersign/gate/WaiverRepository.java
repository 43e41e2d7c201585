package dev.countersign.gate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.countersign.gate.Gates.Waiver;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

@Repository
class WaiverRepository {
    private final JdbcClient jdbc;
    private final ObjectMapper json;
    private final Clock clock;

    WaiverRepository(JdbcClient jdbc, ObjectMapper json, Clock clock) {
        this.jdbc = jdbc;
        this.json = json;
        this.clock = clock;
    }

    /** Oldest first. */
    List<Waiver> of(String releaseKey) {
        return jdbc.sql("select * from gate_waiver where release_key = ? order by id")
                .param(releaseKey)
                .query(this::waiver)
                .list();
    }

    /** The one that waits for its decision. */
    Optional<Waiver> requested(String releaseKey, String gate) {
        return of(releaseKey).stream()
                .filter(waiver -> waiver.gate().equals(gate) && waiver.status().equals("REQUESTED"))
                .findFirst();
    }

    List<Waiver> active(String releaseKey, String gate) {
        return of(releaseKey).stream()
                .filter(waiver -> waiver.gate().equals(gate) && waiver.isActive())
                .toList();
    }

    void insert(String releaseKey, Waiver waiver) {
        jdbc.sql(
                        """
                insert into gate_waiver (release_key, gate, findings, reason, expires, authority, status, requested_by, requested_at)
                values (?, ?, ?, ?, ?, ?, 'REQUESTED', ?, ?)""")
                .params(
                        releaseKey,
                        waiver.gate(),
                        write(waiver.findings()),
                        waiver.reason(),
                        GateRepository.at(waiver.expires()),
                        waiver.authority(),
                        waiver.requestedBy(),
                        GateRepository.at(waiver.requestedAt()))
                .update();
    }

    void decide(long id, String status, String decidedBy, Instant at, String reason) {
        jdbc.sql(
                        "update gate_waiver set status = ?, decided_by = ?, decided_at = ?, decision_reason = ? where id = ? and status = 'REQUESTED'")
                .params(status, decidedBy, GateRepository.at(at), reason, id)
                .update();
    }

    private Waiver waiver(ResultSet row, int n) throws SQLException {
        Instant expires = GateRepository.instant(row, "expires");
        String stored = row.getString("status");
        boolean over = "APPROVED".equals(stored) && !expires.isAfter(clock.instant());
        return new Waiver(
                row.getLong("id"),
                row.getString("gate"),
                read(row.getString("findings")),
                row.getString("reason"),
                expires,
                row.getString("authority"),
                row.getString("requested_by"),
                GateRepository.instant(row, "requested_at"),
                row.getString("decided_by"),
                GateRepository.instant(row, "decided_at"),
                row.getString("decision_reason"),
                over ? "EXPIRED" : stored);
    }

    private String write(List<String> findings) {
        try {
            return json.writeValueAsString(findings);
        } catch (JsonProcessingException broken) {
            throw new IllegalArgumentException(broken);
        }
    }

    private List<String> read(String findings) {
        try {
            return json.readValue(findings, new TypeReference<>() {});
        } catch (JsonProcessingException broken) {
            throw new IllegalStateException(broken);
        }
    }
}
