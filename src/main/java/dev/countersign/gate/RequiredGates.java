package dev.countersign.gate;

import dev.countersign.evidence.EvidenceSources;
import dev.countersign.gate.Gates.Waiver;
import dev.countersign.release.Releases;
import dev.countersign.workflow.ModelBean;
import java.util.List;
import org.springframework.stereotype.Component;

/** What the model {@code release-gates} reads in its expressions. */
@ModelBean
@Component("requiredGates")
public class RequiredGates {
    private final GateRepository gates;
    private final WaiverRepository waivers;
    private final GatePolicy policy;
    private final Releases releases;
    private final EvidenceSources sources;

    RequiredGates(
            GateRepository gates,
            WaiverRepository waivers,
            GatePolicy policy,
            Releases releases,
            EvidenceSources sources) {
        this.gates = gates;
        this.waivers = waivers;
        this.policy = policy;
        this.releases = releases;
        this.sources = sources;
    }

    /** The names of the required gates. */
    public List<String> of(String releaseKey) {
        return gates.requirements(releaseKey).stream()
                .filter(Requirement::isRequired)
                .map(Requirement::gate)
                .toList();
    }

    /** Whether some system is configured that may hold what the gate judges. */
    public boolean isHeldBySystem(String releaseKey, String gate) {
        return sources.any(releases.get(releaseKey), typesOf(releaseKey, gate));
    }

    private List<String> typesOf(String releaseKey, String gate) {
        return gates.requirements(releaseKey).stream()
                .filter(one -> one.gate().equals(gate))
                .findFirst()
                .orElseThrow()
                .types();
    }

    /** The group that resolves the gate. */
    public String ownerOf(String releaseKey, String gate) {
        return gates.requirements(releaseKey).stream()
                .filter(one -> one.gate().equals(gate))
                .map(Requirement::owner)
                .findFirst()
                .orElseThrow();
    }

    /** The group that decides on the waiver that was asked for. */
    public String authorityOf(String releaseKey, String gate) {
        return waivers.requested(releaseKey, gate).map(Waiver::authority).orElseGet(() -> policy.authority(
                        releases.get(releaseKey), gate)
                .group());
    }
}
