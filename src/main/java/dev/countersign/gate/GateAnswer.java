package dev.countersign.gate;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.countersign.gate.Gates.Gate;

/** A gate in the HTTP contract, which calls its name {@code gate}. */
record GateAnswer(String gate, @JsonUnwrapped Gate standing) {
    static GateAnswer of(Gate gate) {
        return new GateAnswer(gate.name(), gate);
    }
}
