package dev.countersign.evidence.reader;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * SPDX 3 as JSON-LD: a graph of elements that name each other by their ids. Read in two passes: what is described, and the licences, are elements of
 * their own that may stand behind the packages.
 */
final class SpdxThree {
    /** Of licences and of packages that have one: more is no bill of materials that could be checked. */
    private static final int MOST = 100_000;

    private static final int DEEPEST = 20;
    private static final String LISTED = "https://spdx.org/licenses/";

    /** Packages of these kinds have licences too, but other properties beside. */
    private static final Set<String> PACKAGES = Set.of("software_Package", "ai_AIPackage", "dataset_DatasetPackage");

    /** A file or a directory is called by its path. */
    private static final Set<String> NEVER_NAMED = Set.of("file", "source", "operatingSystem", "device");

    private static final Set<String> WITHOUT_LICENCE = Set.of("file", "operatingSystem", "device");

    private final Set<String> roots = new HashSet<>();
    /** The document and the bills in it: what they describe is what all of it is about. */
    private final Set<String> documents = new HashSet<>();

    private final Map<String, List<String>> described = new HashMap<>();
    private final Map<String, String> expressions = new HashMap<>();
    private final Map<String, Members> sets = new HashMap<>();
    private final Map<String, List<String>> concluded = new HashMap<>();
    private final Map<String, List<String>> declared = new HashMap<>();
    private final Stated stated = Stated.nothing();
    private final Licences licences = new Licences();
    private String name = "";
    private final Map<String, String> created = new HashMap<>();
    private JsonNode creation = MissingNode.getInstance();
    private boolean hasDocument;
    private long packages;

    private record Members(String operator, List<String> ids) {}

    static Reading read(Content content) throws IOException, Unreadable {
        SpdxThree document = new SpdxThree();
        elements(content, (element, place) -> document.frame(element, place));
        if (!document.hasDocument) {
            throw new Unreadable("not SPDX 3: the graph has no SpdxDocument", "line 1, column 1");
        }
        document.documents.forEach(id -> document.roots.addAll(document.described.getOrDefault(id, List.of())));
        elements(content, (element, place) -> {
            if (PACKAGES.contains(typeOf(element))) {
                document.add(element, place);
            }
        });
        return document.reading();
    }

    private interface Element {
        void read(JsonNode element, String place) throws Unreadable;
    }

    private static void elements(Content content, Element each) throws IOException, Unreadable {
        JsonCursor.document(content, json -> field -> {
            if (!field.equals("@graph")) {
                Misspelt.refuse(json, field, Set.of("@graph", "@context"));
                json.skip();
                return;
            }
            int[] index = new int[1];
            json.array(field, () -> {
                String place = json.at() + ", /@graph/" + index[0]++;
                JsonNode element = json.tree("an element");
                if (typeOf(element).isEmpty()) {
                    throw new Unreadable("an element of the graph has no type", place);
                }
                each.read(element, place);
            });
        });
    }

    private void frame(JsonNode element, String place) throws Unreadable {
        String id = idOf(element);
        switch (typeOf(element)) {
            case "SpdxDocument" -> {
                hasDocument = true;
                documents.add(id);
                name = Words.of(element.path("name").asText(""));
                creation = element.path("creationInfo");
                roots.addAll(texts(element.path("rootElement")));
            }
            case "CreationInfo" -> keep(created, id, CycloneDx.text(element, "created"), place);
            case "software_Sbom", "Bom" -> {
                documents.add(id);
                roots.addAll(texts(element.path("rootElement")));
            }
            case "simplelicensing_LicenseExpression" ->
                keep(expressions, id, CycloneDx.text(element, "simplelicensing_licenseExpression"), place);
            case "expandedlicensing_ListedLicense",
                    "expandedlicensing_CustomLicense",
                    "simplelicensing_SimpleLicensingText" ->
                keep(expressions, id, id.startsWith(LISTED) ? listed(id) : CycloneDx.text(element, "name"), place);
            case "expandedlicensing_ConjunctiveLicenseSet" -> keep(sets, id, members(element, " AND "), place);
            case "expandedlicensing_DisjunctiveLicenseSet" -> keep(sets, id, members(element, " OR "), place);
            case "Relationship", "LifecycleScopedRelationship" -> {
                List<String> to = texts(element.path("to"));
                switch (element.path("relationshipType").asText()) {
                    case "hasConcludedLicense" ->
                        keep(concluded, element.path("from").asText(), to, place);
                    case "hasDeclaredLicense" ->
                        keep(declared, element.path("from").asText(), to, place);
                    case "describes" -> keep(described, element.path("from").asText(), to, place);
                    default -> {}
                }
            }
            default -> {}
        }
    }

    private static <T> void keep(Map<String, T> all, String id, T value, String place) throws Unreadable {
        if (all.size() >= MOST) {
            throw new Unreadable("more than " + MOST + " licences, or packages that have one, are not read", place);
        }
        if (value != null) {
            all.put(id, value);
        }
    }

    private static Members members(JsonNode set, String operator) {
        return new Members(operator, texts(set.path("expandedlicensing_member")));
    }

    private void add(JsonNode one, String place) {
        packages++;
        String id = idOf(one);
        if (roots.contains(id)) {
            subject(one);
        } else if (licence(id) != null
                || !WITHOUT_LICENCE.contains(one.path("software_primaryPurpose").asText())) {
            licences.add(licence(id), nameOf(one), place);
        }
    }

    private void subject(JsonNode described) {
        String purl = purl(described);
        stated.purl(purl);
        String version = CycloneDx.text(described, "software_packageVersion");
        if (purl == null) {
            stated.version(CycloneDx.text(described, "name"), version);
        }
        if (purl == null
                && version == null
                && !NEVER_NAMED.contains(
                        described.path("software_primaryPurpose").asText())) {
            stated.named(CycloneDx.text(described, "name"));
        }
        for (JsonNode hash : described.path("verifiedUsing")) {
            if ("sha256".equals(hash.path("algorithm").asText())) {
                stated.hint("sha256:" + hash.path("hashValue").asText());
            }
        }
    }

    /** What a person concluded counts before what the package declares. */
    private String licence(String id) {
        String said = all(concluded.get(id));
        return said == null ? all(declared.get(id)) : said;
    }

    private String all(List<String> ids) {
        return ids == null || ids.isEmpty() ? null : joined(new Members(" AND ", ids), 0);
    }

    /** Null where one of them is not said: half a set could be allowed where the whole is not. */
    private String joined(Members set, int depth) {
        List<String> parts = new ArrayList<>();
        for (String id : set.ids()) {
            String part = depth > DEEPEST ? null : expression(id, depth);
            if (part == null) {
                return null;
            }
            parts.add(part);
        }
        return parts.isEmpty()
                ? null
                : parts.size() == 1
                        ? parts.get(0)
                        : parts.stream().map(part -> "(" + part + ")").collect(Collectors.joining(set.operator()));
    }

    private String expression(String id, int depth) {
        if (sets.containsKey(id)) {
            return joined(sets.get(id), depth + 1);
        }
        String said = expressions.get(id);
        if (said == null && id.startsWith(LISTED)) {
            return listed(id);
        }
        return said == null || said.matches("NONE|NOASSERTION") ? null : said;
    }

    private static String listed(String id) {
        return id.substring(LISTED.length());
    }

    private Reading reading() {
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("components", packages);
        OwnTime time = new OwnTime();
        // An element of its own, or within the document.
        time.said(creation.isTextual() ? created.get(creation.asText()) : CycloneDx.text(creation, "created"));
        return new Reading(
                name.isEmpty() ? "spdx" : name,
                stated,
                summary,
                time.in(Map.of("licences", licences.details())),
                true,
                time.gap(packages == 0 ? "it lists no package" : null),
                List.of());
    }

    private static String typeOf(JsonNode element) {
        String type = CycloneDx.text(element, "type");
        return type != null ? type : element.path("@type").asText("");
    }

    private static String idOf(JsonNode element) {
        String id = CycloneDx.text(element, "spdxId");
        return id != null ? id : element.path("@id").asText("");
    }

    private static String nameOf(JsonNode one) {
        String purl = purl(one);
        return purl != null
                ? purl
                : one.path("name").asText("") + "@"
                        + one.path("software_packageVersion").asText("");
    }

    private static String purl(JsonNode one) {
        String purl = CycloneDx.text(one, "software_packageUrl");
        for (JsonNode identifier : one.path("externalIdentifier")) {
            if (purl == null
                    && "packageUrl"
                            .equals(identifier.path("externalIdentifierType").asText())) {
                purl = CycloneDx.text(identifier, "identifier");
            }
        }
        return purl;
    }

    /** JSON-LD writes a single value without a list. */
    private static List<String> texts(JsonNode values) {
        List<String> all = new ArrayList<>();
        if (values.isTextual()) {
            all.add(values.asText());
        }
        values.forEach(value -> all.add(value.isObject() ? idOf(value) : value.asText()));
        return all;
    }
}
