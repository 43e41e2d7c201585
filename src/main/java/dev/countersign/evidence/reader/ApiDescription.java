package dev.countersign.evidence.reader;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * An OpenAPI description (3.0 or 3.1, or Swagger 2.0 made into one) as a bounded tree. References are followed within it only: nothing is ever fetched, from the
 * network or from a file; what stands elsewhere is unknown.
 */
final class ApiDescription {
    static final String PATHS = "paths";
    static final String WEBHOOKS = "webhooks";
    private static final int MOST_VALUES = 600_000;
    private static final Set<String> ROOT =
            Set.of("paths", "components", "openapi", "swagger", "info", "webhooks", "servers");

    private final ObjectNode root = JsonNodeFactory.instance.objectNode();
    private final Map<String, String> lines = new LinkedHashMap<>();
    private final Places places;
    private final Set<String> elsewhere = new TreeSet<>();

    private ApiDescription(Places places) {
        this.places = places;
    }

    static ApiDescription read(Content content) throws IOException, Unreadable {
        ApiDescription api = new ApiDescription(new Places());
        JsonCursor.Root reading = json -> {
            if (!json.isObject()) {
                throw json.fault("not an OpenAPI description: the document must be an object");
            }
            if (!api.root.isEmpty()) {
                throw json.fault("one description is read, here begins another");
            }
            int[] values = new int[1];
            json.object("the description", field -> api.field(json, field, values));
        };
        if (Detection.firstCharacter(content) == '{') {
            JsonCursor.value(content, reading);
        } else {
            JsonCursor.yaml(content, reading);
        }
        api.check();
        return api;
    }

    /** A schema alone, as what its references lead into. */
    static ApiDescription ofSchema(JsonNode schema, Places places) {
        ApiDescription api = new ApiDescription(places);
        api.root.setAll((ObjectNode) schema);
        return api;
    }

    private void field(JsonCursor json, String field, int[] values) throws IOException, Unreadable {
        if (field.equals(PATHS) || field.equals(WEBHOOKS)) {
            ObjectNode paths = root.putObject(field);
            json.object(field, path -> {
                lines.put(field + " " + path, json.atName());
                if (json.isObject()) {
                    ObjectNode item = paths.putObject(path);
                    json.object(path, method -> {
                        lines.put(field + " " + path + " " + method, json.atName());
                        item.set(method, json.tree(method, MOST_VALUES, values));
                    });
                } else {
                    paths.set(path, json.tree(path, MOST_VALUES, values));
                }
            });
        } else {
            Misspelt.refuse(json, field, ROOT);
            lines.put(field, json.atName());
            root.set(field, json.tree(field, MOST_VALUES, values));
        }
    }

    private void check() throws Unreadable {
        String three = root.path("openapi").asText("");
        String two = root.path("swagger").asText("");
        if (!three.matches("3\\.[01](\\..{1,20})?") && !two.matches("2\\.0")) {
            String said = three + two;
            throw new Unreadable(
                    "not an OpenAPI description: openapi is " + (said.isEmpty() ? "missing" : Words.of(said))
                            + ", 3.0 and 3.1 are read, and swagger 2.0",
                    "line 1, column 1");
        }
        if (!two.isEmpty()) {
            SwaggerTwo.convert(root);
        }
    }

    boolean isEmpty() {
        return root.path(PATHS).isEmpty() && root.path(WEBHOOKS).isEmpty();
    }

    String title() {
        return Words.of(root.path("info").path("title").asText(""));
    }

    String version() {
        return Words.of(root.path("info").path("version").asText(""));
    }

    JsonNode root() {
        return root;
    }

    /** Siblings of a reference count since 3.1, and were to be ignored before. */
    boolean hasSiblings() {
        return !root.path("openapi").asText("").startsWith("3.0");
    }

    /** Where a path, or a webhook, stands in the document. */
    String place(String within, String path, String method) {
        String of = within + " " + path;
        String pointer = "/" + within + "/" + path.replace("~", "~0").replace("/", "~1");
        String line = method == null
                ? lines.get(of)
                : lines.getOrDefault(of + " " + method.toLowerCase(java.util.Locale.ROOT), lines.get(of));
        return (line == null ? "" : line + ", ")
                + Words.of(pointer + (method == null ? "" : "/" + method.toLowerCase(java.util.Locale.ROOT)));
    }

    /** Where a member of the whole description stands. */
    String place(String member) {
        String line = lines.get(member);
        return (line == null ? "" : line + ", ") + "/" + member;
    }

    /**
     * Where a property of a schema stands, by its path through the names of properties as {@link ApiSchemaRules} tells it: as near as the references and the
     * properties that are written down lead.
     */
    String schemaPlace(String path) {
        String pointer = "";
        JsonNode node = root;
        for (String part : path.isEmpty() ? new String[0] : path.substring(1).split("/")) {
            for (int hops = 0; hops < 20 && node.path("$ref").asText("").startsWith("#/"); hops++) {
                pointer = node.path("$ref").asText().substring(1);
                node = root.at(pointer);
            }
            String step = node.path("properties").has(part)
                    ? "/properties/" + part.replace("~", "~0").replace("/", "~1")
                    : part.equals("items") ? "/items" : part.equals("*") ? "/additionalProperties" : null;
            if (step == null || node.at(step).isMissingNode()) {
                break;
            }
            pointer += step;
            node = node.at(step);
        }
        return places.of(pointer.isEmpty() ? "" : pointer);
    }

    /** What cannot be followed makes the comparison one that does not know. */
    void isElsewhere(String reference) {
        elsewhere.add(Words.of(reference));
    }

    /** What was referred to and not followed. */
    Set<String> elsewhere() {
        return elsewhere;
    }

    /** Follows a reference within the document; a missing node where it leads elsewhere. */
    JsonNode resolve(JsonNode node) throws Unreadable {
        Set<String> followed = new HashSet<>();
        JsonNode now = node;
        while (now.path("$ref").isTextual()) {
            String reference = now.path("$ref").asText();
            if (!followed.add(reference)) {
                throw new Unreadable("a reference leads back to itself", Words.of(reference));
            }
            if (reference.equals("#")) {
                return root;
            }
            if (!reference.startsWith("#/")) {
                elsewhere.add(Words.of(reference));
                return MissingNode.getInstance();
            }
            now = at(reference);
        }
        return now;
    }

    /** What stands there is not known: nothing can be said to be gone or to differ. */
    boolean leadsElsewhere(JsonNode node) throws Unreadable {
        return node.has("$ref") && resolve(node).isMissingNode();
    }

    private JsonNode at(String reference) throws Unreadable {
        JsonNode now = root;
        for (String part : reference.substring(2).split("/", -1)) {
            String name = java.net.URLDecoder.decode(
                            part.replace("+", "%2B").replaceAll("%(?![0-9A-Fa-f]{2})", "%25"),
                            java.nio.charset.StandardCharsets.UTF_8)
                    .replace("~1", "/")
                    .replace("~0", "~");
            now = now.isArray() && name.matches("\\d{1,6}") ? now.path(Integer.parseInt(name)) : now.path(name);
        }
        if (now.isMissingNode()) {
            throw new Unreadable("the reference leads to nothing", Words.of(reference));
        }
        return now;
    }
}
