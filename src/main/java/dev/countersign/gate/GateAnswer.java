package dev.countersign.gate;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.countersign.gate.Gates.Gate;
import dev.countersign.gate.contract.Consent;
import java.util.List;

/**
 * A gate in the HTTP contract, which calls its name {@code gate}.
 *
 * @param consents what the consumers of a changed contract say; left out where the gate judges none
 */
record GateAnswer(
        String gate, @JsonUnwrapped Gate standing, @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Consent> consents) {
    static GateAnswer of(Gate gate) {
        return new GateAnswer(gate.name(), gate, List.of());
    }

    GateAnswer with(List<Consent> all) {
        boolean judged = standing.findings().stream().anyMatch(finding -> "consent".equals(finding.rule()))
                || all.stream().anyMatch(consent -> consent.sha256().equals(standing.evidence()));
        return new GateAnswer(gate, standing, judged ? all : List.of());
    }
}
