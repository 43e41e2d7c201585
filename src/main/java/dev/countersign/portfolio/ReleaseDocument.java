package dev.countersign.portfolio;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.countersign.gate.Gates.Gate;
import dev.countersign.incident.Incidents.Incident;
import dev.countersign.release.Release;
import dev.countersign.review.Review;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.springframework.web.util.UriComponentsBuilder;
import org.springframework.web.util.UriUtils;

/** A release as the HTTP contract names its members. */
final class ReleaseDocument {
    private ReleaseDocument() {}

    static Map<String, Object> summary(Release release) {
        var document = new LinkedHashMap<String, Object>();
        document.put("key", release.key());
        document.put("service", release.service());
        document.put("version", release.version());
        document.put("attempt", release.attempt());
        document.put("kind", release.kind());
        document.put("state", release.state());
        document.put("stateSince", release.stateSince());
        document.put("closed", release.closed());
        document.put("tier", release.tier());
        document.put("owner", release.owner());
        document.put("requestedBy", release.requestedBy());
        document.put("summary", release.summary());
        document.put("fixes", release.fixes());
        document.put("environment", release.environment());
        document.put("openedAt", release.openedAt());
        document.put("window", window(release));
        document.put("dossier", release.materialDigest() == null ? null : Map.of("digest", release.materialDigest()));
        document.put("links", links(release.key()));
        return document;
    }

    static Map<String, Object> whole(WholeRelease whole) {
        Release release = whole.release();
        Map<String, Object> document = summary(release);
        document.put("commit", release.commit());
        document.put("committedAt", release.committedAt());
        document.put("authors", release.authors());
        document.put("artifacts", release.artifacts());
        document.put("changes", new TreeMap<>(release.changes()));
        document.put("changesShown", whole.changesShown());
        document.put("dependsOn", release.dependsOn());
        document.put("rfc", release.rfc());
        document.put("flag", release.flag());
        document.put("successMetrics", release.successMetrics());
        document.put("standing", Standing.of(whole));
        document.put("waitingFor", whole.waiting());
        document.put("dossier", dossier(whole));
        document.put("criteria", criteria(whole));
        document.put("gates", gates(whole).map(ReleaseDocument::gate).toList());
        document.put("consents", whole.consents());
        document.put("preparation", whole.preparation().orElse(null));
        document.put("review", review(whole.review()));
        document.put("rollout", RolloutFacts.document(whole));
        document.put("rollback", RollbackFacts.of(whole).orElse(null));
        document.put("rollbackScript", whole.wayBack().script().orElse(null));
        document.put("rollbackDrill", whole.wayBack().drill().orElse(null));
        document.put(
                "incident",
                whole.incident()
                        .map(report -> new LinkedIncident(report.incident(), incidentLinks(release)))
                        .orElse(null));
        document.put("attributedIncidents", whole.attributed());
        return document;
    }

    /** An incident with the way to the gate outcomes of its release. */
    record LinkedIncident(@JsonUnwrapped Incident incident, Map<String, String> links) {}

    private static Map<String, String> incidentLinks(Release release) {
        return Map.of(
                "gates",
                address(release.key()) + "/gates",
                "securityGates",
                UriComponentsBuilder.fromPath("/api/reports/security-gates")
                        .queryParam("release", "{release}")
                        .queryParam("from", "{from}")
                        .encode()
                        .buildAndExpand(release.key(), release.openedAt())
                        .toUriString());
    }

    private static Map<String, Object> window(Release release) {
        if (release.windowStart() == null && release.windowEnd() == null) {
            return null;
        }
        var window = new LinkedHashMap<String, Object>();
        window.put("start", release.windowStart());
        window.put("end", release.windowEnd());
        return window;
    }

    private static Map<String, Object> dossier(WholeRelease whole) {
        var parts = new TreeMap<String, Object>();
        whole.dossier()
                .parts()
                .forEach((name, part) -> parts.put(name, Map.of("digest", part.digest(), "material", part.material())));
        var dossier = new LinkedHashMap<String, Object>();
        dossier.put("digest", whole.dossier().digest());
        dossier.put("artifacts", whole.release().artifacts());
        dossier.put(
                "evidence",
                whole.evidence().stream().map(document -> evidence(document)).toList());
        dossier.put(
                "checklist",
                whole.preparation()
                        .map(prepared -> prepared.checklist().version())
                        .orElse(null));
        dossier.put("models", models(whole));
        dossier.put("parts", parts);
        return dossier;
    }

    private static Map<String, Object> evidence(dev.countersign.evidence.Evidence.Document document) {
        var entry = new LinkedHashMap<String, Object>();
        entry.put("sha256", document.sha256());
        entry.put("type", document.type());
        entry.put("source", document.source());
        if (document.environment() != null) {
            entry.put("environment", document.environment());
        }
        entry.put("receivedAt", document.receivedAt());
        entry.put("receivedBy", document.receivedBy());
        entry.put("summary", document.summary());
        return entry;
    }

    private static Map<String, Object> models(WholeRelease whole) {
        var models = new LinkedHashMap<String, Object>();
        models.put("deployment", whole.release().policy());
        models.put("digest", digestOf(whole, "policy"));
        return models;
    }

    private static String digestOf(WholeRelease whole, String part) {
        var found = whole.dossier().parts().get(part);
        return found == null ? null : found.digest();
    }

    private static Map<String, Object> criteria(WholeRelease whole) {
        return whole.criteria()
                .map(set -> {
                    var document = new LinkedHashMap<String, Object>();
                    document.put("version", set.version());
                    document.put("status", set.status());
                    document.put("digest", set.digest());
                    document.put("criteria", whole.criterionVerdicts());
                    return document;
                })
                .orElse(null);
    }

    /** Those that documents decide, and those that people clear. */
    private static Stream<Gate> gates(WholeRelease whole) {
        return Stream.concat(
                whole.gates().stream(), whole.preparation().stream().flatMap(prepared -> prepared.gates().stream()));
    }

    private static Map<String, Object> gate(Gate gate) {
        var document = new LinkedHashMap<String, Object>();
        // As everywhere in the contract; "name" stays for who reads it already.
        document.put("gate", gate.name());
        document.put("name", gate.name());
        document.put("required", gate.required());
        document.put("rule", gate.rule());
        document.put("verdict", gate.verdict());
        document.put("clear", gate.isClear());
        document.put("value", gate.value());
        document.put("limit", gate.limit());
        document.put("sample", gate.sample());
        document.put("ruleVersion", gate.ruleVersion());
        document.put("sentence", gate.sentence());
        document.put("evidence", gate.evidence());
        document.put("evaluatedAt", gate.evaluatedAt());
        document.put("owner", gate.owner());
        document.put("waiver", gate.waiver());
        return document;
    }

    private static Map<String, Object> review(Review.View view) {
        var document = new LinkedHashMap<String, Object>();
        document.put("decision", view == null ? "OPEN" : view.decision());
        document.put("why", view == null ? null : view.why());
        document.put("decidedAt", view == null ? null : view.decidedAt());
        document.put("seats", view == null ? List.of() : new ArrayList<>(view.seats()));
        return document;
    }

    static String address(String key) {
        return "/api/releases/" + UriUtils.encodePathSegment(key, StandardCharsets.UTF_8);
    }

    private static Map<String, String> links(String key) {
        String self = address(key);
        var links = new LinkedHashMap<String, String>();
        links.put("self", self);
        links.put("html", "/releases/" + UriUtils.encodePathSegment(key, StandardCharsets.UTF_8));
        for (String part : List.of("timeline", "criteria", "evidence", "gates", "review", "rollout")) {
            links.put(part, self + "/" + part);
        }
        return links;
    }
}
