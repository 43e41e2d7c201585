package dev.countersign.evidence.reader;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.evidence.reader.NpmVulnerability.Advisory;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.springframework.stereotype.Component;

/**
 * What {@code npm audit --json} writes since npm 7 (version 2): the packages that are vulnerable, each because of advisories of its own or of packages below it. npm counts such packages, and so
 * does this reader.
 */
@Component
class NpmAuditReader implements DocumentReader {
    private static final String VERSION = "auditReportVersion";
    private static final Set<String> DECISIVE = Set.of(VERSION, "vulnerabilities", "metadata", "error");
    private static final int MOST_PACKAGES = 100_000;

    @Override
    public DocumentType type() {
        return DocumentType.NPM_AUDIT;
    }

    /** Version 1, which npm 6 wrote and others still do, is told by its parts, so that its name stands in the refusal. */
    static boolean isAudit(Set<String> root) {
        return root.contains(VERSION)
                || (root.containsAll(Set.of("advisories", "metadata"))
                        && (root.contains("actions") || root.contains("muted")));
    }

    @Override
    public Reading read(Content content) throws IOException, Unreadable {
        Report report = new Report();
        JsonCursor.document(content, json -> field -> report.read(json, field));
        return report.reading();
    }

    private static final class Report {
        private final Map<String, NpmVulnerability> packages = new LinkedHashMap<>();
        private final Map<String, Long> totals = new HashMap<>();
        private String version;
        private String error;
        /** Beside an error without words, what the registry answered. */
        private String message = "";

        private boolean hasPackages;
        private boolean isFirstVersion;
        /** Null where it does not say how many packages were looked at. */
        private Long looked;

        private void read(JsonCursor json, String field) throws IOException, Unreadable {
            switch (field) {
                case VERSION -> version = json.scalar();
                case "vulnerabilities" -> {
                    hasPackages = !json.isNull();
                    json.object(field, name -> {
                        if (packages.size() >= MOST_PACKAGES) {
                            throw json.fault("more than " + MOST_PACKAGES + " vulnerable packages are not read");
                        }
                        String place = json.atName() + ", /vulnerabilities/"
                                + name.replace("~", "~0").replace("/", "~1");
                        packages.put(name, NpmVulnerability.of(name, json.tree("a vulnerable package"), place));
                    });
                }
                case "metadata" -> metadata(json.tree(field));
                case "error" -> error(json.tree(field));
                case "message" -> message = Words.of(json.scalar());
                case "advisories" -> {
                    isFirstVersion = true;
                    json.skip();
                }
                default -> {
                    Misspelt.refuse(json, field, DECISIVE);
                    json.skip();
                }
            }
        }

        private void metadata(JsonNode metadata) {
            for (Map.Entry<String, JsonNode> total :
                    metadata.path("vulnerabilities").properties()) {
                totals.put(total.getKey(), total.getValue().asLong(Long.MAX_VALUE));
            }
            JsonNode all = metadata.path("dependencies").path("total");
            looked = all.isIntegralNumber() ? Long.valueOf(all.longValue()) : null;
        }

        /** What npm answers where it could not audit: without a lock file, without its registry. */
        private void error(JsonNode said) {
            if (said.isNull()) {
                return;
            }
            String summary = CycloneDx.text(said, "summary");
            String code = CycloneDx.text(said, "code");
            error = Words.of(summary != null ? summary : code != null ? code : said.isTextual() ? said.asText() : "");
        }

        private Reading reading() throws Unreadable {
            if (isFirstVersion) {
                throw new Unreadable(
                        "npm audit version 1 (npm 6, pnpm, yarn 1) is not read; version 2, which npm writes since 7, is",
                        "line 1, column 1");
            }
            if (error == null && !"2".equals(version)) {
                throw new Unreadable(
                        "not an npm audit report: " + VERSION + " is "
                                + (version == null ? "missing" : Words.of(version)) + ", 2 is read",
                        "line 1, column 1");
            }
            if (error != null && error.isEmpty()) {
                error = message.isEmpty() ? "no reason is given" : message;
            }
            VulnerabilityTally tally = new VulnerabilityTally();
            Map<String, Long> listed = new HashMap<>();
            for (NpmVulnerability one : packages.values()) {
                listed.merge(one.severity(), 1L, Long::sum);
                listed.merge("total", 1L, Long::sum);
                tally.add(one.found(below(one)));
            }
            for (Map.Entry<String, Long> total : totals.entrySet()) {
                long found = listed.getOrDefault(total.getKey(), 0L);
                if (found < total.getValue()) {
                    throw new Unreadable(
                            "metadata.vulnerabilities counts %d %s, and %d are listed"
                                    .formatted(total.getValue(), Words.of(total.getKey()), found),
                            "line 1, /metadata/vulnerabilities");
                }
            }
            return new Reading(
                    "npm-audit",
                    Stated.nothing(),
                    tally.summary(looked == null ? 0 : looked),
                    error == null ? Map.of() : Map.of("unfinished", error),
                    error == null,
                    gap(),
                    tally.findings());
        }

        /** The advisories of the packages below it, by which it is vulnerable, wherever in the document they stand. */
        private Set<Advisory> below(NpmVulnerability top) {
            Set<Advisory> all = new LinkedHashSet<>();
            Set<String> seen = new LinkedHashSet<>(Set.of(top.name()));
            java.util.Deque<NpmVulnerability> left = new java.util.ArrayDeque<>(java.util.List.of(top));
            while (!left.isEmpty() && all.size() < NpmVulnerability.MOST_ADVISORIES) {
                NpmVulnerability one = left.poll();
                all.addAll(one.advisories());
                one.via().stream()
                        .filter(seen::add)
                        .map(packages::get)
                        .filter(java.util.Objects::nonNull)
                        .forEach(left::add);
            }
            return all;
        }

        private String gap() {
            if (error != null) {
                return "npm could not audit: " + error;
            }
            if (!hasPackages) {
                return "it has no vulnerabilities property, so nothing was looked at";
            }
            if (totals.isEmpty()) {
                return "it has no metadata.vulnerabilities, so nobody knows whether it is whole";
            }
            return looked == null
                    ? "it does not say how many dependencies were looked at (metadata.dependencies.total)"
                    : null;
        }
    }
}
