package dev.countersign.evidence.reader;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.evidence.reader.VulnerabilityTally.Vulnerability;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.stereotype.Component;

/** Grype's JSON report. */
@Component
class GrypeReader implements DocumentReader {
    private static final int MOST_PACKAGES = 100_000;
    private static final Set<String> DECISIVE = Set.of("matches", "descriptor");

    @Override
    public DocumentType type() {
        return DocumentType.GRYPE;
    }

    @Override
    public Reading read(Content content) throws IOException, Unreadable {
        Stated stated = Stated.nothing();
        VulnerabilityTally tally = new VulnerabilityTally();
        Set<String> seen = new HashSet<>();
        String[] target = new String[1];
        Descriptor descriptor = new Descriptor();
        Set<String> packages = new HashSet<>();
        JsonCursor.document(content, json -> field -> {
            switch (field) {
                case "matches" -> {
                    if (!json.isNull()) {
                        seen.add(field);
                    }
                    int[] index = new int[1];
                    json.array(field, () -> {
                        String place = json.at() + ", /matches/" + index[0]++;
                        Vulnerability found = vulnerability(json.tree("a match"), place);
                        if (packages.size() < MOST_PACKAGES) {
                            packages.add(found.component());
                        }
                        tally.add(found);
                    });
                }
                case "source" -> target[0] = source(json.tree(field), stated);
                case "descriptor" -> {
                    if (descriptor.read(json.tree(field))) {
                        seen.add(field);
                    }
                }
                default -> {
                    Misspelt.refuse(json, field, DECISIVE);
                    json.skip();
                }
            }
        });
        if (!seen.contains("descriptor")) {
            throw new Unreadable("not a Grype report: descriptor.name must be grype", "line 1, column 1");
        }
        return new Reading(
                target[0] == null || target[0].isBlank() ? "grype" : "grype " + Words.of(target[0]),
                stated,
                // The target, and of what is in it the packages that it names: it lists none in which it found nothing.
                tally.summary(seen.contains("matches") ? 1L + packages.size() : 0),
                descriptor.time.in(
                        descriptor.fault == null ? Map.of() : Map.of("unfinished", Words.of(descriptor.fault))),
                descriptor.fault == null,
                descriptor.time.gap(
                        seen.contains("matches") ? null : "it has no matches property, so nothing was looked at"),
                tally.findings());
    }

    /** Who looked, when, and with which database: a scan knows nothing that became known after its database was built. */
    private static final class Descriptor {
        private final OwnTime time = new OwnTime();
        private String fault;

        /** @return whether it is Grype's */
        private boolean read(JsonNode descriptor) {
            time.said(CycloneDx.text(descriptor, "timestamp"));
            JsonNode db = descriptor.path("db");
            // Since 0.88 what the database is stands one level deeper.
            for (JsonNode database : List.of(db, db.path("status"))) {
                time.said(CycloneDx.text(database, "built"));
                String error = CycloneDx.text(database, "error");
                if (error != null) {
                    fault = "its database of vulnerabilities: " + error;
                } else if (database.path("valid").isBoolean()
                        && !database.path("valid").booleanValue()) {
                    fault = fault == null ? "its database of vulnerabilities is not valid" : fault;
                }
            }
            return "grype".equals(descriptor.path("name").asText());
        }
    }

    private static String source(JsonNode source, Stated stated) {
        JsonNode target = source.path("target");
        if (!target.isObject()) {
            return target.asText("");
        }
        target.path("repoDigests").forEach(digest -> stated.digest(digest.asText()));
        stated.digest(CycloneDx.text(target, "manifestDigest"));
        stated.hint(CycloneDx.text(target, "imageID"));
        if ("image".equals(source.path("type").asText())) {
            String input = CycloneDx.text(target, "userInput");
            // The layout of an image in a directory has neither tag nor digest, and is called as the directory is.
            if (Stated.hasTag(input)
                    || !target.path("tags").isEmpty()
                    || !target.path("repoDigests").isEmpty()) {
                stated.named(input);
            }
            target.path("tags").forEach(tag -> stated.named(tag.asText()));
        }
        return target.path("userInput").asText("");
    }

    private static Vulnerability vulnerability(JsonNode match, String place) {
        JsonNode found = match.path("vulnerability");
        JsonNode artifact = match.path("artifact");
        String purl = CycloneDx.text(artifact, "purl");
        return new Vulnerability(
                CycloneDx.text(found, "id"),
                Severity.of(CycloneDx.text(found, "severity")),
                purl != null
                        ? purl
                        : artifact.path("name").asText("") + "@"
                                + artifact.path("version").asText(""),
                found.path("description").asText(""),
                place,
                null,
                null,
                aliases(match));
    }

    /** A finding under a GHSA or a distribution's advisory names the CVEs that it is about. */
    private static List<String> aliases(JsonNode match) {
        return match.path("relatedVulnerabilities")
                .valueStream()
                .map(related -> related.path("id").asText(""))
                .toList();
    }
}
