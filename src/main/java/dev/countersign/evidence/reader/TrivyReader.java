package dev.countersign.evidence.reader;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.countersign.evidence.Evidence.Finding;
import dev.countersign.evidence.reader.PolicyTally.Result;
import dev.countersign.evidence.reader.VulnerabilityTally.Vulnerability;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.stereotype.Component;

/**
 * Trivy's JSON report: vulnerabilities, misconfigurations and secrets in files. Schema 2, the list of results that it was before (schema 1), and the report on a cluster, whose
 * resources have results each.
 */
@Component
class TrivyReader implements DocumentReader {
    private static final String CLUSTER = "ClusterName";
    private static final String LIST = "none, since it is a list";
    /** What the lists of resources of a report on a cluster are called: all of them, in short, and by earlier versions. */
    private static final Set<String> RESOURCES =
            Set.of("Resources", "Findings", "Vulnerabilities", "Misconfigurations");

    private static final Set<String> OF_RESULT = Set.of("Vulnerabilities", "Misconfigurations", "Secrets", "Class");

    @Override
    public DocumentType type() {
        return DocumentType.TRIVY;
    }

    @Override
    public Reading read(Content content) throws IOException, Unreadable {
        Report report = new Report();
        if (Detection.firstCharacter(content) == '[') {
            JsonCursor.value(content, json -> report.results(json, "the document", ""));
            report.schema = LIST;
        } else {
            JsonCursor.document(content, json -> field -> report.read(json, field));
        }
        return report.reading();
    }

    static boolean isOfCluster(Set<String> root) {
        return root.contains(CLUSTER) && root.stream().anyMatch(RESOURCES::contains);
    }

    /** An entry of the list that schema 1 is. */
    static boolean isResult(Set<String> entry) {
        return entry.contains("Target")
                && (entry.contains("Type") || entry.stream().anyMatch(OF_RESULT::contains));
    }

    private static final class Report {
        private final Stated stated = Stated.nothing();
        private final VulnerabilityTally vulnerabilities = new VulnerabilityTally();
        private final PolicyTally policies = new PolicyTally();
        private final OwnTime time = new OwnTime();
        private String schema;
        private String artifact;
        private String cluster;
        private String artifactType;

        /** Whether the image has a name in a registry or a daemon: the layout of one in a directory has none. */
        private boolean hasName;

        private String unscanned;
        private boolean hasResults;
        private boolean hasResources;
        private boolean scannedConfiguration;
        private long scanned;
        private long secrets;
        private final Findings leaked = new Findings();

        private void read(JsonCursor json, String field) throws IOException, Unreadable {
            switch (field) {
                case "CreatedAt" -> time.said(json.scalar());
                case "SchemaVersion" -> schema = json.scalar();
                case "ArtifactName" -> {
                    artifact = Words.of(json.scalar());
                    stated.digest(artifact);
                }
                case "ArtifactType" -> artifactType = json.scalar();
                case "Metadata" -> metadata(json.tree(field));
                case "Results" -> results(json, field, "/Results");
                case CLUSTER -> cluster = Words.of(json.scalar());
                case "Resources", "Findings", "Vulnerabilities", "Misconfigurations" -> resources(json, field);
                default -> {
                    Misspelt.refuse(json, field, Set.of("Results", "SchemaVersion", "Resources"));
                    json.skip();
                }
            }
        }

        private void results(JsonCursor json, String what, String pointer) throws IOException, Unreadable {
            hasResults |= !json.isNull();
            int[] index = new int[1];
            json.array(what, () -> result(json, pointer + "/" + index[0]++));
        }

        private void resources(JsonCursor json, String field) throws IOException, Unreadable {
            hasResources = true;
            int[] index = new int[1];
            json.array(field, () -> {
                String pointer = "/" + field + "/" + index[0]++;
                String[] head = new String[3];
                json.object("a resource", property -> {
                    switch (property) {
                        case "Kind" -> head[0] = json.scalar();
                        case "Name" -> head[1] = json.scalar();
                        case "Error" -> head[2] = json.scalar();
                        case "Metadata" -> images(json.tree(property));
                        case "Results" -> results(json, property, pointer + "/Results");
                        default -> {
                            Misspelt.refuse(json, property, Set.of("Results", "Error"));
                            json.skip();
                        }
                    }
                });
                if (head[2] != null && !head[2].isBlank() && unscanned == null) {
                    unscanned = "%s %s could not be scanned: %s"
                            .formatted(Words.of(head[0]), Words.of(head[1]), Words.of(head[2]));
                }
            });
        }

        /** A cluster runs many images: one of them can show the release, and none that it is about something else. */
        private void images(JsonNode metadata) {
            (metadata.isArray()
                            ? metadata
                            : JsonNodeFactory.instance.arrayNode().add(metadata))
                    .forEach(image -> {
                        image.path("RepoDigests").forEach(digest -> stated.hint(digest.asText()));
                        stated.hint(CycloneDx.text(image, "ImageID"));
                    });
        }

        private void metadata(JsonNode metadata) {
            hasName |= !metadata.path("RepoTags").isEmpty()
                    || !metadata.path("RepoDigests").isEmpty();
            metadata.path("RepoTags").forEach(tag -> stated.named(tag.asText()));
            metadata.path("RepoDigests").forEach(digest -> stated.digest(digest.asText()));
            stated.hint(CycloneDx.text(metadata, "ImageID"));
            stated.commit(CycloneDx.text(metadata, "Commit"));
        }

        private void result(JsonCursor json, String pointer) throws IOException, Unreadable {
            String[] head = new String[2];
            boolean[] packages = new boolean[1];
            String place = json.at() + ", " + pointer;
            long[] summed = new long[1];
            long before = policies.failed();
            json.object("a result", field -> {
                switch (field) {
                    case "Target" -> head[0] = Words.of(json.scalar());
                    case "Class" -> {
                        String kind = json.scalar();
                        packages[0] |= kind != null && kind.endsWith("-pkgs");
                        scannedConfiguration |= "config".equals(kind);
                    }
                    case "Vulnerabilities" -> {
                        packages[0] = true;
                        int[] index = new int[1];
                        json.array(field, () -> vulnerability(json, pointer + "/Vulnerabilities/" + index[0]++));
                    }
                    case "MisconfSummary" -> {
                        JsonNode sums = json.tree(field);
                        policies.passed(null, sums.path("Successes").asLong(0));
                        summed[0] = sums.path("Failures").asLong(0);
                        scannedConfiguration |= summed[0] > 0;
                    }
                    case "Misconfigurations" -> {
                        scannedConfiguration = true;
                        int[] index = new int[1];
                        json.array(
                                field,
                                () -> misconfiguration(json, head[0], pointer + "/Misconfigurations/" + index[0]++));
                    }
                    case "Secrets" -> {
                        int[] index = new int[1];
                        json.array(field, () -> secret(json, head[0], pointer + "/Secrets/" + index[0]++));
                    }
                    default -> {
                        Misspelt.refuse(json, field, OF_RESULT);
                        json.skip();
                    }
                }
            });
            scanned += packages[0] ? 1 : 0;
            long listed = policies.failed() - before;
            if (summed[0] > listed) {
                policies.add(
                        Result.ERROR,
                        "MisconfSummary",
                        head[0],
                        "its summary counts %d that failed, and %d are listed".formatted(summed[0], listed),
                        null,
                        place);
            }
        }

        private void vulnerability(JsonCursor json, String pointer) throws IOException, Unreadable {
            String place = json.at() + ", " + pointer;
            JsonNode found = json.tree("a vulnerability");
            String purl = CycloneDx.text(found.path("PkgIdentifier"), "PURL");
            String title = CycloneDx.text(found, "Title");
            vulnerabilities.add(new Vulnerability(
                    CycloneDx.text(found, "VulnerabilityID"),
                    Severity.of(CycloneDx.text(found, "Severity")),
                    purl != null
                            ? purl
                            : found.path("PkgName").asText("") + "@"
                                    + found.path("InstalledVersion").asText(""),
                    title == null ? CycloneDx.text(found, "Description") : title,
                    place,
                    null,
                    null,
                    found.path("VendorIDs").valueStream().map(JsonNode::asText).toList()));
        }

        private void misconfiguration(JsonCursor json, String target, String pointer) throws IOException, Unreadable {
            String place = json.at() + ", " + pointer;
            JsonNode check = json.tree("a misconfiguration");
            Result result =
                    switch (check.path("Status").asText("FAIL")) {
                        case "PASS" -> Result.PASSED;
                        case "EXCEPTION" -> Result.SKIPPED;
                        default -> Result.FAILED;
                    };
            String id = check.path("AVDID").asText(check.path("ID").asText(null));
            if (result == Result.PASSED) {
                // The summary of the target has counted it.
                policies.ran(id);
            } else {
                policies.add(
                        result,
                        id,
                        where(check, target),
                        check.path("Message").asText(check.path("Title").asText("")),
                        CycloneDx.text(check, "Severity"),
                        place);
            }
        }

        /**
         * The file and the resource in it; where Trivy names none (in a Dockerfile, in manifests of Kubernetes) what the message says of it, as a digest: a waiver
         * for one resource is none for another in the same file.
         */
        private static String where(JsonNode check, String target) {
            String file = target == null ? "" : target;
            String resource = CycloneDx.text(check.path("CauseMetadata"), "Resource");
            String message = CycloneDx.text(check, "Message");
            return resource != null
                    ? file + ":" + resource
                    : message == null ? file : file + ":" + Digests.brief(message);
        }

        /** What matched is left out: it may be the secret. */
        private void secret(JsonCursor json, String target, String pointer) throws IOException, Unreadable {
            String place = json.at() + ", " + pointer;
            JsonNode found = json.tree("a secret");
            secrets++;
            String rule = Words.of(found.path("RuleID").asText("no-id"));
            String at = (target == null ? "" : target) + ":"
                    + found.path("StartLine").asText("?");
            leaked.add(
                    0,
                    new Finding(
                            rule + "@" + Words.of(at),
                            Severity.of(CycloneDx.text(found, "Severity")).id(),
                            Words.of(found.path("Title").asText("a secret")),
                            place,
                            List.of("secrets"),
                            rule,
                            Words.of(at),
                            null,
                            null));
        }

        /** Where no type is said, what has a tag is an image: a directory is called in many ways. */
        private boolean isImage() {
            return artifact != null
                    && (artifactType == null || artifactType.isBlank()
                            ? artifact.contains(":")
                            : artifactType.equals("container_image") && (hasName || Stated.hasTag(artifact)));
        }

        private String name() {
            String of = artifact == null ? cluster : artifact;
            return of == null || of.isEmpty() ? "trivy" : "trivy " + of;
        }

        private Reading reading() throws Unreadable {
            // A report on a cluster says its schema only from some version on.
            boolean known = hasResources
                    ? cluster != null && (schema == null || schema.matches("[0-2]"))
                    : (LIST.equals(schema) || "2".equals(schema)) && cluster == null;
            if (!known) {
                throw new Unreadable(
                        "not a Trivy report: SchemaVersion is " + (schema == null ? "missing" : Words.of(schema))
                                + "; read are version 2 with Results, the list that version 1 was, and a report on a cluster with ClusterName and Resources",
                        "line 1, column 1");
            }
            if (isImage()) {
                stated.named(artifact);
            }
            Map<String, Object> summary = new LinkedHashMap<>();
            vulnerabilities.summarise(summary, scanned);
            summary.put("secrets", secrets);
            Map<String, Object> details = new LinkedHashMap<>();
            if (scannedConfiguration || !policies.isEmpty()) {
                policies.summarise(summary);
                details.put("checks", policies.checks());
                details.put("failedChecks", policies.failedChecks());
                details.put("tool", "trivy");
            }
            // Secrets first: the list is cut where it is long, and they are few.
            List<Finding> findings = new ArrayList<>(leaked.gravestFirst());
            findings.addAll(vulnerabilities.findings());
            findings.addAll(policies.findings());
            return new Reading(
                    name(),
                    stated,
                    summary,
                    time.in(details),
                    true,
                    time.gap(
                            unscanned != null
                                    ? unscanned
                                    : hasResults ? null : "it has no Results, so nothing was looked at"),
                    findings);
        }
    }
}
