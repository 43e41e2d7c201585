package dev.countersign.gate.signoff;

import dev.countersign.gate.Gates;
import dev.countersign.gate.Gates.Gate;
import dev.countersign.gate.signoff.SignoffPolicy.Required;
import dev.countersign.release.Dossiers;
import dev.countersign.release.Dossiers.Dossier;
import dev.countersign.release.Release;
import dev.countersign.release.Releases;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** What a person sees before signing. */
@Component
class SignoffBriefing {
    private final Signoffs signoffs;
    private final SignoffRepository repository;
    private final SignoffPolicy policy;
    private final Releases releases;
    private final Dossiers dossiers;
    private final Gates gates;

    SignoffBriefing(
            Signoffs signoffs,
            SignoffRepository repository,
            SignoffPolicy policy,
            Releases releases,
            Dossiers dossiers,
            Gates gates) {
        this.signoffs = signoffs;
        this.repository = repository;
        this.policy = policy;
        this.releases = releases;
        this.dossiers = dossiers;
        this.gates = gates;
    }

    /** @param signoff the one asked for; null where all are shown */
    Map<String, Object> of(String releaseKey, String signoff) {
        Release release = releases.get(releaseKey);
        Dossier dossier = dossiers.of(releaseKey);
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("releaseKey", releaseKey);
        shown.put("service", release.service());
        shown.put("summary", release.summary());
        shown.put("tier", release.tier() == null ? "not decided yet" : release.tier());
        shown.put("commit", release.commit());
        shown.put("dossier", dossier.digest());
        shown.put("changes", release.changesInWords());
        shown.put(
                "gates",
                gates.of(releaseKey).stream()
                        .filter(gate -> !"not-applicable".equals(gate.required()))
                        .map(gate -> row(releaseKey, gate))
                        .toList());
        shown.put(
                "requiredSignoffs",
                policy.all(release).stream()
                        .map(required ->
                                Map.of("name", required.name(), "group", required.group(), "rule", required.rule()))
                        .toList());
        shown.put("earlierSignoffs", earlier(releaseKey));
        shown.put(
                "missing",
                signoffs.missing(releaseKey).stream().map(Required::name).collect(Collectors.joining(", ")));
        if (signoff != null) {
            shown.put("signoffName", signoff);
            shown.put(
                    "seen",
                    dossier.seenBy(signoff).entrySet().stream()
                            .map(part -> Map.of("part", part.getKey(), "digest", part.getValue()))
                            .toList());
        }
        return shown;
    }

    private static Map<String, Object> row(String releaseKey, Gate gate) {
        return Map.of(
                "gate",
                gate.name(),
                "verdict",
                gate.waiver() == null ? gate.verdict().name() : gate.verdict() + ", waived",
                "sentence",
                gate.sentence(),
                "evidence",
                gate.evidence() == null ? "" : "/api/releases/" + releaseKey + "/evidence/" + gate.evidence());
    }

    private List<Map<String, Object>> earlier(String releaseKey) {
        return repository.of(releaseKey).stream()
                .map(one -> Map.<String, Object>of(
                        "name",
                        one.name(),
                        "person",
                        one.person(),
                        "outcome",
                        one.isValid() ? one.outcome() : one.outcome() + ", void: " + one.voidedBecause(),
                        "at",
                        one.signedAt().toString()))
                .toList();
    }
}
