package dev.countersign.gate;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.countersign.gate.Gates.Gate;

/** A gate in the HTTP contract: whether it moves the release on stands beside its verdict. */
record GateAnswer(String gate, @JsonUnwrapped Gate standing, boolean clear) {
    static GateAnswer of(Gate gate) {
        return new GateAnswer(gate.name(), gate, gate.isClear());
    }
}
