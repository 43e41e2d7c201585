package dev.countersign.gate;

import dev.countersign.evidence.Evidence.Finding;
import dev.countersign.gate.Gates.Gate;
import dev.countersign.release.Dossiers;
import dev.countersign.release.Release;
import dev.countersign.release.Releases;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/** What a person sees about a gate. */
@Component
class GateBriefing {
    private final Gates gates;
    private final Releases releases;
    private final Dossiers dossiers;
    private final GatePolicy policy;

    GateBriefing(Gates gates, Releases releases, Dossiers dossiers, GatePolicy policy) {
        this.gates = gates;
        this.releases = releases;
        this.dossiers = dossiers;
        this.policy = policy;
    }

    Map<String, Object> of(String releaseKey, String gateName) {
        Release release = releases.get(releaseKey);
        Gate gate = gates.find(releaseKey, gateName).orElseThrow();
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("releaseKey", releaseKey);
        shown.put("service", release.service());
        shown.put("summary", release.summary());
        shown.put("dossier", dossiers.of(releaseKey).digest());
        shown.put("gateName", gateName);
        shown.put("verdict", gate.verdict().name());
        shown.put("sentence", gate.sentence());
        shown.put("rule", gate.rule());
        shown.put("evidence", evidenceLink(releaseKey, gate));
        shown.put(
                "gateFindings", gate.findings().stream().map(GateBriefing::row).toList());
        shown.put(
                "findingChoices",
                gate.findings().stream()
                        .map(Finding::id)
                        .distinct()
                        .map(id -> Map.of("label", id, "value", id))
                        .toList());
        return shown;
    }

    String longest(String releaseKey, String gateName) {
        var authority = policy.authority(releases.get(releaseKey), gateName);
        return "%s decides, for at most %d days"
                .formatted(authority.group(), authority.longest().toDays());
    }

    private static String evidenceLink(String releaseKey, Gate gate) {
        return gate.evidence() == null ? "" : "/api/releases/" + releaseKey + "/evidence/" + gate.evidence();
    }

    static Map<String, Object> row(Finding finding) {
        return Map.of(
                "id", finding.id(), "severity", finding.severity(), "title", finding.title(), "place", finding.place());
    }

    /** The gates that apply, for forms that show them all. */
    List<Map<String, Object>> rows(String releaseKey) {
        return gates.of(releaseKey).stream()
                .filter(gate -> !"not-applicable".equals(gate.required()))
                .map(gate -> Map.<String, Object>of(
                        "gate",
                        gate.name(),
                        "verdict",
                        gate.isClear() && gate.waiver() != null
                                ? gate.verdict() + ", waived"
                                : gate.verdict().name(),
                        "sentence",
                        gate.sentence()))
                .toList();
    }
}
