package dev.countersign.gate;

import dev.countersign.api.Problem;
import dev.countersign.gate.Gates.Gate;
import dev.countersign.release.StateConflict;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/** The gates of a release as the API shows them: those that documents decide, and those that people clear. */
@Component
class EveryGate {
    private final Gates judged;
    private final List<ManualGates> manual;

    EveryGate(Gates judged, List<ManualGates> manual) {
        this.judged = judged;
        this.manual = List.copyOf(manual);
    }

    List<Gate> of(String releaseKey) {
        return Stream.concat(judged.of(releaseKey).stream(), cleared(releaseKey))
                .toList();
    }

    Optional<Gate> find(String releaseKey, String name) {
        return judged.find(releaseKey, name).or(() -> cleared(releaseKey)
                .filter(gate -> gate.name().equals(name))
                .findFirst());
    }

    Gate get(String releaseKey, String name) {
        return find(releaseKey, name).orElseThrow(() -> Problem.notFound(releaseKey + " has no gate " + name));
    }

    /** One that documents decide: only those are asked for from systems and can be waived. */
    Gate judged(String releaseKey, String name) {
        return judged.find(releaseKey, name).orElseThrow(() -> {
            Gate gate = get(releaseKey, name);
            return new StateConflict(
                    "The gate %s is cleared by what %s confirms in a task: no document decides it, no system is asked for one, and it is not waived"
                            .formatted(name, gate.owner()));
        });
    }

    private Stream<Gate> cleared(String releaseKey) {
        return manual.stream().flatMap(gates -> gates.of(releaseKey).stream());
    }
}
