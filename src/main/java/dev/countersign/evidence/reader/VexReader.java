package dev.countersign.evidence.reader;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.evidence.Purl;
import dev.countersign.evidence.reader.Statements.Statement;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.stereotype.Component;

/** VEX: OpenVEX, CSAF of that profile, and CycloneDX with analysed vulnerabilities. */
@Component
class VexReader implements DocumentReader {
    private static final Set<String> STATUSES = Set.of("affected", "not_affected", "fixed", "under_investigation");

    /** The words of OpenVEX and of CSAF. */
    static final Set<String> JUSTIFICATIONS = new TreeSet<>(Set.of(
            "component_not_present",
            "vulnerable_code_not_present",
            "vulnerable_code_not_in_execute_path",
            "vulnerable_code_cannot_be_controlled_by_adversary",
            "inline_mitigations_already_exist"));

    @Override
    public DocumentType type() {
        return DocumentType.VEX;
    }

    @Override
    public Reading read(Content content) throws IOException, Unreadable {
        if (Detection.firstCharacter(content) == '<') {
            return CycloneDxReader.read(content, true);
        }
        Set<String> root = root(content);
        if (root.contains("bomFormat")) {
            return CycloneDxReader.read(content, true);
        }
        if (root.contains("document")) {
            return CsafVex.read(content);
        }
        String[] head = new String[3];
        JsonCursor.document(content, json -> field -> {
            switch (field) {
                case "@context" -> head[0] = json.scalar();
                case "timestamp" -> head[1] = json.text(field);
                case "author" -> head[2] = Words.of(json.scalar());
                default -> {
                    Misspelt.refuse(json, field, Set.of("@context", "statements"));
                    json.skip();
                }
            }
        });
        if (head[0] == null || !head[0].contains("openvex")) {
            throw new Unreadable(
                    "not VEX: neither OpenVEX (@context) nor CSAF (document) nor CycloneDX (bomFormat)",
                    "line 1, column 1");
        }
        return statements(content, head[1], head[2]);
    }

    private static Set<String> root(Content content) throws IOException, Unreadable {
        Set<String> names = new HashSet<>();
        JsonCursor.document(content, json -> field -> {
            names.add(field);
            json.skip();
        });
        return names;
    }

    private static Reading statements(Content content, String timestamp, String author) throws IOException, Unreadable {
        Statements statements = new Statements();
        Stated stated = Stated.nothing();
        int[] index = new int[1];
        JsonCursor.document(content, json -> field -> {
            if (field.equals("statements")) {
                json.array(field, () -> {
                    String place = json.at() + ", /statements/" + index[0]++;
                    statements.add(statement(json.tree("a statement"), timestamp, stated, place));
                });
            } else {
                json.skip();
            }
        });
        return reading(author, stated, statements);
    }

    static Reading reading(String author, Stated stated, Statements statements) {
        Map<String, Object> summary = new LinkedHashMap<>();
        for (Severity severity : Severity.values()) {
            summary.put(severity.id(), 0L);
        }
        // A statement names no severity.
        summary.put(Severity.UNKNOWN.id(), statements.count("open"));
        summary.put("notAffected", statements.count("not_affected"));
        summary.put("fixed", statements.count("fixed"));
        return new Reading(
                author == null || author.isEmpty() ? "vex" : author,
                stated,
                summary,
                Map.of("statements", statements.all()),
                true,
                statements.isEmpty() ? "it makes no statement" : null,
                List.of());
    }

    /** One for all products of which it names the same parts: a part of one product is none of another. */
    private static List<Statement> statement(JsonNode one, String timestamp, Stated stated, String place)
            throws Unreadable {
        String status = CycloneDx.text(one, "status");
        if (status == null || !STATUSES.contains(status)) {
            throw new Unreadable(
                    "a statement's status is " + (status == null ? "missing" : Words.of(status))
                            + ", allowed are affected, fixed, not_affected, under_investigation",
                    place);
        }
        List<String> ids = ids(one.path("vulnerability"));
        if (ids.isEmpty()) {
            throw new Unreadable("a statement names no vulnerability", place);
        }
        List<String> ofAll = new ArrayList<>();
        // So it was before OpenVEX 0.2: of all products.
        one.path("subcomponents").forEach(part -> ofAll.add(name(part)));
        Map<List<String>, List<String>> byParts = new LinkedHashMap<>();
        for (JsonNode product : one.path("products")) {
            image(product, stated);
            List<String> parts = new ArrayList<>(ofAll);
            product.path("subcomponents").forEach(part -> parts.add(name(part)));
            byParts.computeIfAbsent(parts, none -> new ArrayList<>()).addAll(names(product));
        }
        if (byParts.isEmpty()) {
            byParts.put(ofAll, List.of());
        }
        String justification = CycloneDx.text(one, "justification");
        if (justification != null && !JUSTIFICATIONS.contains(justification)) {
            throw new Unreadable(
                    "a statement's justification is " + Words.of(justification) + ", allowed are "
                            + String.join(", ", JUSTIFICATIONS) + "; a reason in words stands in impact_statement",
                    place);
        }
        String reason = justification == null ? CycloneDx.text(one, "impact_statement") : justification;
        String said = CycloneDx.text(one, "timestamp");
        String at = said == null ? timestamp : said;
        return byParts.entrySet().stream()
                .map(group ->
                        new Statement(ids, status, group.getValue(), group.getKey(), List.of(), reason, at, place))
                .toList();
    }

    /** A product that is an image in a registry says which release the document is about. */
    private static void image(JsonNode product, Stated stated) {
        image(name(product), stated);
        digest(product).ifPresent(stated::hint);
    }

    static void image(String product, Stated stated) {
        Purl purl = Purl.of(product);
        if (purl != null && purl.path().startsWith("oci") && purl.version() != null) {
            stated.digest(purl.version());
        }
    }

    private static List<String> ids(JsonNode vulnerability) {
        List<String> ids = new ArrayList<>();
        if (vulnerability.isTextual()) {
            ids.add(vulnerability.asText());
        }
        for (String property : new String[] {"name", "@id"}) {
            String id = CycloneDx.text(vulnerability, property);
            if (id != null) {
                ids.add(id.contains("://") ? id.substring(id.lastIndexOf('/') + 1) : id);
            }
        }
        vulnerability.path("aliases").forEach(alias -> ids.add(alias.asText("")));
        ids.removeIf(String::isBlank);
        return ids;
    }

    /** By name and by digest: a product may have either, and each says which one it is. */
    private static List<String> names(JsonNode product) {
        List<String> names = new ArrayList<>();
        names.add(name(product));
        digest(product).ifPresent(names::add);
        return names;
    }

    private static Optional<String> digest(JsonNode product) {
        String hex = product.path("hashes").path("sha-256").asText("").toLowerCase(Locale.ROOT);
        return hex.matches("[0-9a-f]{64}") ? Optional.of("sha256:" + hex) : Optional.empty();
    }

    private static String name(JsonNode product) {
        if (product.isTextual()) {
            return product.asText();
        }
        String purl = CycloneDx.text(product.path("identifiers"), "purl");
        return purl != null ? purl : product.path("@id").asText("");
    }
}
