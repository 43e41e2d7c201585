package dev.countersign.gate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.countersign.gate.Gates.Waiver;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
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

    /** What active waivers cover; those from before sources were remembered give the bare name. */
    Set<String> covered(String releaseKey, String gate) {
        return jdbc
                .sql("select * from gate_waiver where release_key = ? and gate = ? order by id")
                .params(releaseKey, gate)
                .query((row, n) -> waiver(row, n).isActive() ? named(row.getString("findings")) : List.<Named>of())
                .stream()
                .flatMap(List::stream)
                .map(Named::reference)
                .collect(Collectors.toSet());
    }

    /** @param reference what is remembered of a finding beside its name: of which document it is */
    void insert(String releaseKey, UnaryOperator<String> reference, Waiver waiver) {
        jdbc.sql(
                        """
                insert into gate_waiver (release_key, gate, findings, reason, expires, authority, status, requested_by, requested_at)
                values (?, ?, ?, ?, ?, ?, 'REQUESTED', ?, ?)""")
                .params(
                        releaseKey,
                        waiver.gate(),
                        write(waiver.findings().stream()
                                .map(name -> new Named(name, reference.apply(name)))
                                .toList()),
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
                named(row.getString("findings")).stream().map(Named::name).toList(),
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

    /** As it was called when it was waived, and what it is whatever it is called later. */
    private record Named(String name, String reference) {}

    private String write(List<Named> findings) {
        try {
            return json.writeValueAsString(findings);
        } catch (JsonProcessingException broken) {
            throw new IllegalArgumentException(broken);
        }
    }

    private List<Named> named(String findings) {
        try {
            List<Named> named = new ArrayList<>();
            for (JsonNode one : json.readTree(findings)) {
                String name = one.isTextual() ? one.asText() : one.path("name").asText();
                named.add(new Named(name, one.path("reference").asText(name)));
            }
            return named;
        } catch (JsonProcessingException broken) {
            throw new IllegalStateException(broken);
        }
    }
}
