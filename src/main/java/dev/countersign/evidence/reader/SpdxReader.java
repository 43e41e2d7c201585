package dev.countersign.evidence.reader;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.stereotype.Component;

/** SPDX in JSON, 2.2 and 2.3, and 3.0 as JSON-LD. Read in two passes: what the document describes may stand behind the packages. */
@Component
class SpdxReader implements DocumentReader {
    static final String WRAPPED = "sbom";
    private static final Set<String> DECISIVE = Set.of("spdxVersion", "packages");
    private static final String DOCUMENT = "SPDXRef-DOCUMENT";

    @Override
    public DocumentType type() {
        return DocumentType.SPDX;
    }

    @Override
    public Reading read(Content content) throws IOException, Unreadable {
        Set<String> described = new HashSet<>();
        String[] head = new String[2];
        boolean[] graph = new boolean[1];
        OwnTime time = new OwnTime();
        JsonCursor.document(
                content,
                json -> inside(json, field -> {
                    switch (field) {
                        case "spdxVersion" -> head[0] = json.text(field);
                        case "name" -> head[1] = Words.of(json.scalar());
                        case "creationInfo" -> time.said(CycloneDx.text(json.tree(field), "created"));
                        case "documentDescribes" ->
                            json.array(field, () -> described.add(String.valueOf(json.scalar())));
                        case "relationships" ->
                            json.array(field, () -> describes(json.tree("a relationship"), described));
                        case "@graph" -> {
                            graph[0] = true;
                            json.skip();
                        }
                        case "packages", "@context" -> json.skip();
                        default -> {
                            Misspelt.refuse(json, field, DECISIVE);
                            json.skip();
                        }
                    }
                }));
        if (graph[0] && head[0] == null) {
            return SpdxThree.read(content);
        }
        if (head[0] == null || !head[0].matches("SPDX-2\\.[0-9]")) {
            throw new Unreadable(
                    "not SPDX: spdxVersion is " + (head[0] == null ? "missing" : Words.of(head[0]))
                            + ", read are SPDX-2.2, SPDX-2.3 and the graph of SPDX 3",
                    "line 1, column 1");
        }
        return packages(content, described, head[1], time);
    }

    /** GitHub's API answers with the document inside of another. */
    private static JsonCursor.Field inside(JsonCursor json, JsonCursor.Field field) {
        return name -> {
            if (name.equals(WRAPPED) && json.isObject()) {
                json.object(name, field);
            } else {
                field.read(name);
            }
        };
    }

    /** Said in either direction. */
    private static void describes(JsonNode relationship, Set<String> described) {
        String one = relationship.path("spdxElementId").asText();
        String other = relationship.path("relatedSpdxElement").asText();
        switch (relationship.path("relationshipType").asText()) {
            case "DESCRIBES" -> {
                if (DOCUMENT.equals(one)) {
                    described.add(other);
                }
            }
            case "DESCRIBED_BY" -> {
                if (DOCUMENT.equals(other)) {
                    described.add(one);
                }
            }
            default -> {}
        }
    }

    private static Reading packages(Content content, Set<String> described, String name, OwnTime time)
            throws IOException, Unreadable {
        Stated stated = Stated.nothing();
        Licences licences = new Licences();
        long[] count = {-1};
        JsonCursor.document(
                content,
                json -> inside(json, field -> {
                    if (!field.equals("packages")) {
                        json.skip();
                        return;
                    }
                    if (!json.isNull()) {
                        count[0] = 0;
                    }
                    json.array(field, () -> {
                        String place = json.at() + ", /packages/" + count[0]++;
                        JsonNode one = json.tree("a package");
                        boolean isSubject =
                                described.contains(one.path("SPDXID").asText());
                        if (isSubject) {
                            subject(one, stated);
                        } else if (!hasNoLicence(one)) {
                            licences.add(licence(one), nameOf(one), place);
                        }
                    });
                }));
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("components", Math.max(0, count[0]));
        return new Reading(
                name == null || name.isEmpty() ? "spdx" : name,
                stated,
                summary,
                time.in(Map.of("licences", licences.details())),
                true,
                time.gap(count[0] < 0 ? "it has no packages property" : count[0] == 0 ? "it lists no package" : null),
                List.of());
    }

    private static void subject(JsonNode described, Stated stated) {
        String purl = purl(described);
        stated.purl(purl);
        String version = CycloneDx.text(described, "versionInfo");
        if (version != null && version.startsWith("sha256:")) {
            // Syft writes an image's digest as its version.
            stated.digest(version);
        } else if (purl == null) {
            stated.version(CycloneDx.text(described, "name"), version);
        }
        if (version == null && purl == null && isNamed(described)) {
            stated.named(CycloneDx.text(described, "name"));
        }
        for (JsonNode checksum : described.path("checksums")) {
            if ("SHA256".equals(checksum.path("algorithm").asText())) {
                stated.hint("sha256:" + checksum.path("checksumValue").asText());
            }
        }
        described
                .path("annotations")
                .forEach(annotation -> image(annotation.path("comment").asText(), stated));
        // So Trivy wrote it before 0.51.
        described.path("attributionTexts").forEach(text -> image(text.asText(), stated));
    }

    private static void image(String said, Stated stated) {
        if (said.startsWith("RepoDigest: ")) {
            stated.digest(said);
        } else if (said.startsWith("ImageID: ")) {
            stated.hint(said);
        } else if (said.startsWith("RepoTag: ")) {
            stated.named(said.substring("RepoTag: ".length()));
        }
    }

    /** Trivy and Syft describe directories, and repositories by their address, too. */
    private static boolean isNamed(JsonNode described) {
        return !described.path("primaryPackagePurpose").asText().matches("FILE|SOURCE|OPERATING.SYSTEM|DEVICE")
                && !described
                        .path("SPDXID")
                        .asText()
                        .matches("SPDXRef-(Filesystem|Repository|DocumentRoot-(Directory|File)).*")
                && !described.path("name").asText().startsWith("com.github.");
    }

    /** What a person concluded counts before what the package declares. */
    private static String licence(JsonNode one) {
        String concluded = CycloneDx.text(one, "licenseConcluded");
        return concluded == null || concluded.matches("NONE|NOASSERTION")
                ? CycloneDx.text(one, "licenseDeclared")
                : concluded;
    }

    /** What nobody licenses: a file, a system as a whole, and what is an application to Trivy and a file that lists packages to everybody else. */
    private static boolean hasNoLicence(JsonNode one) {
        String licence = licence(one);
        return (licence == null || licence.matches("NONE|NOASSERTION"))
                && (one.path("primaryPackagePurpose").asText().matches("FILE|OPERATING.SYSTEM|DEVICE")
                        || (purl(one) == null
                                && one.path("SPDXID").asText().matches("SPDXRef-(OperatingSystem|Application)-.*")));
    }

    private static String nameOf(JsonNode one) {
        String purl = purl(one);
        return purl != null
                ? purl
                : one.path("name").asText("") + "@" + one.path("versionInfo").asText("");
    }

    private static String purl(JsonNode one) {
        for (JsonNode reference : one.path("externalRefs")) {
            if ("purl".equals(reference.path("referenceType").asText())) {
                return reference.path("referenceLocator").asText();
            }
        }
        return null;
    }
}
