package dev.countersign.gate;

import dev.countersign.gate.Gates.Gate;
import dev.countersign.identity.Actors;
import dev.countersign.release.Releases;
import dev.countersign.release.Timeline;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** What the model {@code release-gates} asks. */
@Service
class GateClearing {
    /** Where only this stands in the way, others are at work: the gate waits for their answers as it does for evidence. */
    private static final String CONSENT_AWAITED = "consentsOpen";

    private final GateEvaluation evaluation;
    private final ConfirmedGates confirmed;
    private final Gates gates;
    private final WaiverRepository waivers;
    private final Releases releases;
    private final Timeline timeline;

    GateClearing(
            GateEvaluation evaluation,
            ConfirmedGates confirmed,
            Gates gates,
            WaiverRepository waivers,
            Releases releases,
            Timeline timeline) {
        this.evaluation = evaluation;
        this.confirmed = confirmed;
        this.gates = gates;
        this.waivers = waivers;
        this.releases = releases;
        this.timeline = timeline;
    }

    /** The gates are asked: which there are, and from here on evidence is awaited. */
    @Transactional
    void begin(String releaseKey) {
        releases.lock(releaseKey);
        confirmed.forget(releaseKey);
        evaluation.determine(releaseKey);
    }
    /** {@code clear}; {@code waiver}: one waits for its decision; {@code failed}; or {@code missing}: nothing has arrived to judge. */
    @Transactional
    String look(String releaseKey, String gateName) {
        evaluation.evaluate(releaseKey, gateName);
        Gate gate = gates.find(releaseKey, gateName).orElseThrow();
        if (gate.isClear()) {
            return "clear";
        }
        if (waivers.requested(releaseKey, gateName).isPresent()) {
            return "waiver";
        }
        boolean waits = !gate.findings().isEmpty()
                && gate.findings().stream().allMatch(finding -> finding.counts().contains(CONSENT_AWAITED));
        return gate.evidence() == null || waits ? "missing" : "failed";
    }

    /** Judges all together; where they are clear, people build on that from here on. */
    @Transactional
    boolean areAllClear(String releaseKey) {
        releases.lock(releaseKey);
        List<Gate> required = required(releaseKey);
        required.forEach(gate -> evaluation.evaluate(releaseKey, gate.name()));
        boolean clear = required(releaseKey).stream().allMatch(Gate::isClear);
        if (clear) {
            confirmed.confirm(releaseKey);
        }
        return clear;
    }

    @Transactional
    void missed(String releaseKey) {
        List<String> open = required(releaseKey).stream()
                .filter(gate -> !gate.isClear())
                .map(Gate::name)
                .toList();
        timeline.record(
                releaseKey,
                "gates.missed",
                Actors.PLATFORM,
                "The time for the gates is over; not clear: " + String.join(", ", open),
                Map.of("gates", open));
    }

    private List<Gate> required(String releaseKey) {
        return gates.of(releaseKey).stream()
                .filter(gate -> !"not-applicable".equals(gate.required())
                        && !"advisory".equals(gate.required())
                        && !gate.isPutOff())
                .toList();
    }
}
