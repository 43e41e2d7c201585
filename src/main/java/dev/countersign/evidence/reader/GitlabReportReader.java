package dev.countersign.evidence.reader;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.stereotype.Component;

/**
 * The security reports that jobs of GitLab write, in the one format that scanners of all kinds share (gitlab.com/gitlab-org/security-products/security-report-schemas). What was scanned for says
 * which gate reads it.
 */
@Component
class GitlabReportReader implements DocumentReader {
    static final Set<String> ROOT = Set.of("version", "scan", "vulnerabilities");
    /** Gates read it there, and take what they ask for. */
    private static final String SCAN = "scan";

    private static final String CONTAINER = "container_scanning";
    private static final String SECRETS = "secret_detection";
    private static final Set<String> OF_PACKAGES = Set.of("dependency_scanning", CONTAINER);
    private static final Set<String> READ = new TreeSet<>(Set.of("dependency_scanning", CONTAINER, "sast", SECRETS));
    private static final Set<String> OF_SCAN = Set.of("status", "type", "scanner", "messages");
    private static final int MOST_PACKAGES = 100_000;

    @Override
    public DocumentType type() {
        return DocumentType.GITLAB_REPORT;
    }

    /** In two passes: what was scanned for stands behind what was found. */
    @Override
    public Reading read(Content content) throws IOException, Unreadable {
        Head head = new Head();
        JsonCursor.document(content, json -> field -> head.read(json, field));
        head.require();
        GitlabFindings found = new GitlabFindings(head.type, head.stated);
        JsonCursor.document(content, json -> field -> {
            if (field.equals("vulnerabilities")) {
                int[] index = new int[1];
                json.array(field, () -> {
                    String place = json.at() + ", /vulnerabilities/" + index[0]++;
                    found.add(json.tree("a vulnerability"), place);
                });
            } else {
                json.skip();
            }
        });
        return head.reading(found);
    }

    private static final class Head {
        private final Stated stated = Stated.nothing();
        private final Set<String> packages = new HashSet<>();
        private final List<String> fatal = new ArrayList<>();
        private final OwnTime time = new OwnTime();
        private String version;
        private String type;
        private String status;
        private String scanner;
        private boolean hasVulnerabilities;

        private void read(JsonCursor json, String field) throws IOException, Unreadable {
            switch (field) {
                case "version" -> version = json.scalar();
                case "scan" -> {
                    String place = json.at() + ", /scan";
                    scan(Shape.object(json.tree(field), field, place), place);
                }
                case "vulnerabilities" -> {
                    hasVulnerabilities = !json.isNull();
                    json.skip();
                }
                case "dependency_files" -> {
                    int[] index = new int[1];
                    json.array(field, () -> {
                        String place = json.at() + ", /dependency_files/" + index[0]++;
                        listed(json.tree("a file of dependencies"), place);
                    });
                }
                default -> {
                    Misspelt.refuse(json, field, ROOT);
                    json.skip();
                }
            }
        }

        private void scan(JsonNode scan, String place) throws Unreadable {
            ApiWords.check(scan, OF_SCAN, place);
            type = CycloneDx.text(scan, "type");
            status = CycloneDx.text(scan, "status");
            String name = CycloneDx.text(scan.path("scanner"), "name");
            scanner = name == null ? CycloneDx.text(scan.path("scanner"), "id") : name;
            String end = CycloneDx.text(scan, "end_time");
            time.said(end == null ? CycloneDx.text(scan, "start_time") : end);
            for (JsonNode message : Shape.list(scan, "messages", place)) {
                if ("fatal".equals(message.path("level").asText()) && fatal.size() < 3) {
                    fatal.add(Words.of(message.path("value").asText("no reason"), 150));
                }
            }
        }

        private void listed(JsonNode file, String place) throws Unreadable {
            for (JsonNode one : Shape.list(Shape.object(file, "a file", place), "dependencies", place)) {
                if (packages.size() < MOST_PACKAGES) {
                    packages.add(GitlabFindings.component(file.path("path").asText(""), one));
                }
            }
        }

        private void require() throws Unreadable {
            if (version == null || type == null) {
                throw new Unreadable(
                        "not a security report of GitLab: it has no "
                                + (version == null ? "version" : "scan.type, which reports have since version 3"),
                        "line 1, column 1");
            }
            if (!READ.contains(type)) {
                throw new Unreadable(
                        "a security report of GitLab about " + Words.of(type) + " is not read; those about "
                                + String.join(", ", READ) + " are",
                        "line 1, column 1");
            }
        }

        private Reading reading(GitlabFindings found) {
            boolean brokeOff = !fatal.isEmpty() || (status != null && !status.equals("success"));
            Map<String, Object> details = new LinkedHashMap<>();
            details.put(SCAN, type);
            if (brokeOff) {
                details.put(
                        "unfinished",
                        fatal.isEmpty() ? "scan.status is " + Words.of(status) : String.join("; ", fatal));
            }
            if (!OF_PACKAGES.contains(type)) {
                // Whoever looks for secrets only analyses no code, by whatever scanner.
                details.put("tools", List.of(type.equals(SECRETS) || scanner == null ? name() : Words.of(scanner)));
            }
            packages.addAll(found.packages());
            // An image is a target whether anything is found in it or not; of a project only what is listed was seen.
            long scanned = packages.size() + (type.equals(CONTAINER) && hasVulnerabilities ? 1L : 0L);
            return new Reading(
                    "gitlab " + type + (scanner == null ? "" : " " + Words.of(scanner)),
                    stated,
                    found.summary(scanned),
                    time.in(details),
                    !brokeOff,
                    time.gap(gap(scanned)),
                    found.findings());
        }

        private String name() {
            return type.equals(SECRETS) ? SECRETS : "an unnamed tool";
        }

        private String gap(long scanned) {
            if (!hasVulnerabilities) {
                return "it has no vulnerabilities property, so nothing was looked at";
            }
            if (status == null) {
                return "it does not say whether the scan was a success (scan.status)";
            }
            return OF_PACKAGES.contains(type) && scanned == 0
                    ? "it lists no dependency (dependency_files), so it does not show that it looked at one"
                    : null;
        }
    }
}
