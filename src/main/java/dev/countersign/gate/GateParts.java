package dev.countersign.gate;

import dev.countersign.release.DossierPart;
import dev.countersign.release.Release;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.springframework.stereotype.Component;

/**
 * {@code gates}: which gates the release has to pass, not how they stand. A verdict follows from documents, waivers and tables, which are
 * parts themselves; a verdict that changes without them (evidence that grows old) voids no vote, it withholds the clearance.
 * {@code waivers}: what was waived, for which findings, until when.
 */
@Component
class GateParts implements DossierPart {
    private final GateRepository gates;
    private final WaiverRepository waivers;
    private final GatePolicy policy;

    GateParts(GateRepository gates, WaiverRepository waivers, GatePolicy policy) {
        this.gates = gates;
        this.waivers = waivers;
        this.policy = policy;
    }

    @Override
    public Map<String, Object> of(Release release) {
        List<Requirement> known = gates.requirements(release.key());
        Map<String, String> required = new TreeMap<>();
        (known.isEmpty() ? policy.requirements(release) : known)
                .stream().filter(Requirement::isApplicable).forEach(gate -> required.put(gate.gate(), gate.required()));
        List<Map<String, Object>> granted = waivers.of(release.key()).stream()
                .filter(waiver -> Set.of("APPROVED", "EXPIRED").contains(waiver.status()))
                .map(waiver -> Map.<String, Object>of(
                        "gate",
                        waiver.gate(),
                        "findings",
                        waiver.findings(),
                        "expires",
                        waiver.expires().toString(),
                        "decidedBy",
                        waiver.decidedBy()))
                .toList();
        return Map.of("gates", required, "waivers", granted);
    }
}
