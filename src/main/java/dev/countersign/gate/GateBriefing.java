package dev.countersign.gate;

import dev.countersign.evidence.Evidence.Finding;
import dev.countersign.gate.Gates.Gate;
import dev.countersign.release.Dossiers;
import dev.countersign.release.Release;
import dev.countersign.release.Releases;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** What a person sees about a gate. */
@Component
class GateBriefing {
    private static final int LONGEST_LABEL = 160;
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
        shown.put("gatePage", page(releaseKey, gateName));
        shown.put(
                "gateFindings", gate.findings().stream().map(GateBriefing::row).toList());
        shown.put(
                "findingChoices",
                gate.findings().stream()
                        .collect(Collectors.toMap(
                                Finding::id, GateBriefing::label, (first, second) -> first, LinkedHashMap::new))
                        .entrySet()
                        .stream()
                        .map(one -> Map.of("label", one.getValue(), "value", one.getKey()))
                        .toList());
        return shown;
    }

    String longest(String releaseKey, String gateName) {
        var authority = policy.authority(releases.get(releaseKey), gateName);
        return "%s decides, for at most %d days"
                .formatted(authority.group(), authority.longest().toDays());
    }

    private static String page(String releaseKey, String gateName) {
        return "/releases/%s/gates/%s".formatted(releaseKey, gateName);
    }

    static Map<String, Object> row(Finding finding) {
        return Map.of(
                "id",
                finding.id(),
                "severity",
                finding.severity().replace('_', ' '),
                "title",
                finding.title(),
                "place",
                finding.place());
    }

    private static String label(Finding finding) {
        String label = finding.title().isEmpty() ? finding.id() : finding.id() + ": " + finding.title();
        return label.length() <= LONGEST_LABEL ? label : label.substring(0, LONGEST_LABEL) + "…";
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
