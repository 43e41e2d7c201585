package dev.countersign.evidence.reader;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.evidence.reader.Statements.Statement;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** CSAF 2.0 of the profile VEX (section 4.5): per vulnerability which products have which status, and why. */
final class CsafVex {
    private static final Map<String, String> STATUSES = Map.of(
            "known_not_affected", "not_affected",
            "fixed", "fixed",
            "first_fixed", "fixed",
            "known_affected", "affected",
            "first_affected", "affected",
            "last_affected", "affected",
            "under_investigation", "under_investigation");

    /** Which release is better says nothing about one that is. */
    private static final String ADVICE = "recommended";

    private static final Set<String> OF_VULNERABILITY = Set.of("cve", "ids", "product_status", "flags", "threats");

    private final Stated stated = Stated.nothing();
    private final CsafProducts products = new CsafProducts();
    private final Statements statements = new Statements();
    private String publisher = "";
    private String released;

    private CsafVex() {}

    /** In two passes: products may stand behind what is said of them. */
    static Reading read(Content content) throws IOException, Unreadable {
        CsafVex vex = new CsafVex();
        JsonCursor.document(content, json -> field -> {
            switch (field) {
                case "document" -> vex.document(json.tree(field), json);
                case "product_tree" -> vex.products.read(json, vex.stated);
                default -> {
                    Misspelt.refuse(json, field, Set.of("document", "product_tree", "vulnerabilities"));
                    json.skip();
                }
            }
        });
        JsonCursor.document(content, json -> field -> {
            if (field.equals("vulnerabilities")) {
                int[] index = new int[1];
                json.array(field, () -> {
                    String place = json.at() + ", /vulnerabilities/" + index[0]++;
                    vex.vulnerability(json.tree("a vulnerability"), place);
                });
            } else {
                json.skip();
            }
        });
        return VexReader.reading(vex.publisher, vex.stated, vex.statements);
    }

    private void document(JsonNode document, JsonCursor json) throws Unreadable {
        String version = document.path("csaf_version").asText("");
        String category = document.path("category").asText("");
        if (!version.equals("2.0")) {
            throw json.fault("CSAF version " + Words.of(version) + " is not read; 2.0 is");
        }
        if (!category.equals("csaf_vex")) {
            throw json.fault("CSAF of the category " + Words.of(category) + " is not read; csaf_vex is");
        }
        JsonNode tracking = document.path("tracking");
        String status = tracking.path("status").asText("");
        if (!status.equals("final") && !status.equals("interim")) {
            throw json.fault("tracking.status is " + (status.isEmpty() ? "missing" : Words.of(status))
                    + "; what is no draft is final or interim");
        }
        released = CycloneDx.text(tracking, "current_release_date");
        publisher = Words.of(Stream.of(
                        document.path("publisher").path("name").asText(""),
                        tracking.path("id").asText(""))
                .filter(word -> !word.isBlank())
                .reduce((name, id) -> name + " " + id)
                .orElse("vex"));
    }

    /** Products of which the same is said for the same reason are one statement. */
    private void vulnerability(JsonNode one, String place) throws Unreadable {
        Shape.object(one, "a vulnerability", place);
        ApiWords.check(one, OF_VULNERABILITY, place);
        List<String> ids = ids(one, place);
        JsonNode status = one.path("product_status");
        if (!status.isMissingNode()) {
            Shape.object(status, "product_status", place);
        }
        for (Map.Entry<String, JsonNode> said : status.properties()) {
            String word = STATUSES.get(said.getKey());
            if (word == null && !said.getKey().equals(ADVICE)) {
                throw new Unreadable(
                        "product_status has no " + Words.of(said.getKey()) + "; it has "
                                + String.join(", ", new TreeSet<>(STATUSES.keySet())) + " and " + ADVICE,
                        place);
            }
            if (word == null) {
                continue;
            }
            Map<String, List<Statement>> byReason = new LinkedHashMap<>();
            for (JsonNode product : Shape.list(status, said.getKey(), place)) {
                String reason = word.equals("not_affected") ? reason(one, product.asText(""), place) : null;
                CsafProducts.Meant meant = products.meant(product.asText(""), place);
                byReason.computeIfAbsent(String.valueOf(reason), none -> new ArrayList<>())
                        .add(new Statement(
                                ids, word, meant.names(), meant.parts(), meant.versions(), reason, released, place));
            }
            for (List<Statement> same : byReason.values()) {
                statements.add(together(same));
            }
        }
    }

    private static List<String> ids(JsonNode one, String place) throws Unreadable {
        List<String> ids = new ArrayList<>();
        String cve = CycloneDx.text(one, "cve");
        if (cve != null) {
            ids.add(cve);
        }
        for (JsonNode other : Shape.list(one, "ids", place)) {
            ids.add(other.path("text").asText(""));
        }
        ids.removeIf(String::isBlank);
        if (ids.isEmpty()) {
            throw new Unreadable("a vulnerability has neither cve nor ids", place);
        }
        return ids;
    }

    /** Those that are told of whole products differ in nothing but the products. */
    private static List<Statement> together(List<Statement> same) {
        Map<List<List<String>>, List<Statement>> alike = new LinkedHashMap<>();
        same.forEach(
                one -> alike.computeIfAbsent(List.of(one.subcomponents(), one.versions()), none -> new ArrayList<>())
                        .add(one));
        return alike.values().stream()
                .map(some -> {
                    Statement first = some.get(0);
                    return new Statement(
                            first.ids(),
                            first.status(),
                            some.stream()
                                    .flatMap(one -> one.products().stream())
                                    .distinct()
                                    .toList(),
                            first.subcomponents(),
                            first.versions(),
                            first.reason(),
                            first.timestamp(),
                            first.place());
                })
                .toList();
    }

    /** A label, or an impact in words; each is for the products that stand beside it, or for all where none does. */
    private String reason(JsonNode one, String product, String place) throws Unreadable {
        for (JsonNode flag : Shape.list(one, "flags", place)) {
            String label = CycloneDx.text(flag, "label");
            if (label == null || !VexReader.JUSTIFICATIONS.contains(label)) {
                throw new Unreadable(
                        "a flag's label is " + (label == null ? "missing" : Words.of(label)) + ", allowed are "
                                + String.join(", ", VexReader.JUSTIFICATIONS)
                                + "; a reason in words stands in threats, with the category impact",
                        place);
            }
            if (isAbout(flag, product)) {
                return label;
            }
        }
        for (JsonNode threat : Shape.list(one, "threats", place)) {
            String details = CycloneDx.text(threat, "details");
            if (threat.path("category").asText("").equals("impact") && details != null && isAbout(threat, product)) {
                return details;
            }
        }
        return null;
    }

    private boolean isAbout(JsonNode beside, String product) {
        boolean ofAll = !beside.hasNonNull("product_ids") && !beside.hasNonNull("group_ids");
        return ofAll || products.named(beside).contains(product);
    }
}
