package dev.countersign.evidence.reader;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The products of a document of CSAF (2.0, section 3.2.2), by the ids under which statements name them. */
final class CsafProducts {
    private static final int MOST = 50_000;
    private static final Set<String> OF_TREE =
            Set.of("branches", "full_product_names", "relationships", "product_groups");

    private final Map<String, Product> products = new HashMap<>();
    private final Map<String, Relationship> relationships = new HashMap<>();
    private final Map<String, Set<String>> groups = new HashMap<>();

    /** @param range the versions that it stands for: null where it is one version, blank where nobody can tell */
    private record Product(List<String> names, String range) {
        private boolean isRanged() {
            return range != null;
        }
    }

    private record Relationship(String part, String whole) {}

    /**
     * What a statement on a product is about.
     *
     * @param names of the product; empty where nothing identifies it
     * @param parts of it that are meant; empty where it is the whole
     * @param versions to which it is limited, as a range or in a way that cannot be told: it excuses nothing then
     */
    record Meant(List<String> names, List<String> parts, List<String> versions) {}

    private static final List<String> SOME = List.of("");

    void read(JsonCursor json, Stated stated) throws IOException, Unreadable {
        json.object("product_tree", field -> {
            switch (field) {
                case "branches" -> json.array(field, () -> branch(json, stated));
                case "full_product_names" ->
                    json.array(field, () -> product(json.tree("a product"), json, "", null, stated));
                case "relationships" -> json.array(field, () -> relationship(json.tree("a relationship"), json));
                case "product_groups" -> json.array(field, () -> group(json.tree("a group of products")));
                default -> {
                    Misspelt.refuse(json, field, OF_TREE);
                    json.skip();
                }
            }
        });
    }

    /** A branch may say what it is behind what is in it: the products wait for it. */
    private void branch(JsonCursor json, Stated stated) throws IOException, Unreadable {
        if (!json.isObject()) {
            throw json.fault("a branch must be an object");
        }
        branch(json.tree("a branch"), json, "", "", null, stated);
    }

    private void branch(JsonNode branch, JsonCursor json, String product, String version, String range, Stated stated)
            throws Unreadable {
        String category = branch.path("category").asText("");
        String name = branch.path("name").asText("");
        String called = category.equals("product_name") ? name : product;
        String numbered = category.equals("product_version") ? name : version;
        String within = category.equals("product_version_range") ? name : range;
        if (branch.has("product")) {
            boolean isOne = within == null;
            String said =
                    called.isEmpty() || (isOne && numbered.isEmpty()) ? "" : isOne ? called + "@" + numbered : called;
            product(branch.path("product"), json, said, within, stated);
        }
        for (JsonNode inner : list(branch, "branches", json)) {
            branch(inner, json, called, numbered, within, stated);
        }
    }

    private static JsonNode list(JsonNode of, String name, JsonCursor json) throws Unreadable {
        return Shape.list(of, name, json.at());
    }

    /** @param called by the branches above it, where it has nothing that identifies it better */
    private void product(JsonNode product, JsonCursor json, String called, String range, Stated stated)
            throws Unreadable {
        String id = CycloneDx.text(product, "product_id");
        if (id == null) {
            throw json.fault("a product has no product_id");
        }
        JsonNode helper = product.path("product_identification_helper");
        List<String> names = new ArrayList<>();
        String purl = CycloneDx.text(helper, "purl");
        if (purl != null) {
            names.add(purl);
            VexReader.image(purl, stated);
        }
        for (JsonNode hashes : list(helper, "hashes", json)) {
            for (JsonNode hash : list(hashes, "file_hashes", json)) {
                String hex = hash.path("value").asText("").toLowerCase(Locale.ROOT);
                if (hash.path("algorithm").asText("").equalsIgnoreCase("sha256") && hex.matches("[0-9a-f]{64}")) {
                    names.add("sha256:" + hex);
                    stated.hint("sha256:" + hex);
                }
            }
        }
        boolean isIdentified = !names.isEmpty();
        if (!isIdentified && !called.isEmpty()) {
            names.add(called);
        }
        // What has a package URL may be a package in ours: its versions are not those of the release.
        boolean isComparable = !isIdentified && range != null && range.startsWith("vers:");
        if (products.size() >= MOST) {
            throw json.fault("more than " + MOST + " products are not read");
        }
        if (products.put(id, new Product(List.copyOf(names), range == null || isComparable ? range : "")) != null) {
            throw json.fault("two products have the product_id " + Words.of(id));
        }
    }

    /** A component of a product, or one that is installed on or with it: what is said of both holds for both together only. */
    private void relationship(JsonNode one, JsonCursor json) throws Unreadable {
        String part = CycloneDx.text(one, "product_reference");
        String whole = CycloneDx.text(one, "relates_to_product_reference");
        String id = CycloneDx.text(one.path("full_product_name"), "product_id");
        if (part == null || whole == null || id == null) {
            throw json.fault(
                    "a relationship names product_reference, relates_to_product_reference and full_product_name.product_id");
        }
        if (relationships.size() >= MOST || relationships.put(id, new Relationship(part, whole)) != null) {
            throw json.fault("two relationships have the product_id " + Words.of(id) + ", or there are too many");
        }
    }

    private void group(JsonNode group) {
        Set<String> ids = groups.computeIfAbsent(group.path("group_id").asText(""), none -> new HashSet<>());
        group.path("product_ids").forEach(id -> ids.add(id.asText("")));
    }

    /** Of the ids of products and of groups that stand beside something; empty where it is said of all. */
    Set<String> named(JsonNode beside) {
        Set<String> ids = new HashSet<>();
        beside.path("product_ids").forEach(id -> ids.add(id.asText("")));
        beside.path("group_ids").forEach(id -> ids.addAll(groups.getOrDefault(id.asText(""), Set.of())));
        return ids;
    }

    Meant meant(String id, String place) throws Unreadable {
        Relationship both = relationships.get(id);
        if (both == null) {
            Product product = known(id, place);
            return new Meant(product.names(), List.of(), product.isRanged() ? List.of(product.range()) : List.of());
        }
        // Parts of parts are not followed.
        Product part = products.get(both.part());
        Product whole = products.get(both.whole());
        if (part == null || whole == null) {
            requireKnown(both.part(), place);
            requireKnown(both.whole(), place);
            return new Meant(List.of(), List.of(), SOME);
        }
        return new Meant(
                whole.names(),
                part.names(),
                part.isRanged() || whole.isRanged() || part.names().isEmpty() ? SOME : List.of());
    }

    private Product known(String id, String place) throws Unreadable {
        Product product = products.get(id);
        if (product == null) {
            throw new Unreadable("product_tree has no product " + Words.of(id), place);
        }
        return product;
    }

    private void requireKnown(String id, String place) throws Unreadable {
        if (!relationships.containsKey(id)) {
            known(id, place);
        }
    }
}
