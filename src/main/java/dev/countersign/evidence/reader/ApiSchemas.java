package dev.countersign.evidence.reader;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The schemas of one description with references followed and {@code allOf} put together, so that two can be compared keyword by keyword. */
final class ApiSchemas {
    static final String TYPES = "type";
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final int MOST_PARTS = 2000;
    private static final Set<String> KEYWORDS = new TreeSet<>(List.of(
            "type",
            "nullable",
            "format",
            "enum",
            "const",
            "pattern",
            "required",
            "properties",
            "items",
            "allOf",
            "oneOf",
            "anyOf",
            "not",
            "additionalProperties",
            "minimum",
            "maximum",
            "exclusiveMinimum",
            "exclusiveMaximum",
            "minLength",
            "maxLength",
            "minItems",
            "maxItems",
            "minProperties",
            "maxProperties",
            "multipleOf",
            "uniqueItems",
            "readOnly",
            "writeOnly",
            "default",
            "discriminator"));

    private final ApiDescription api;
    private final Map<JsonNode, JsonNode> whole = new IdentityHashMap<>();
    private final Map<JsonNode, Set<String>> elsewhere = new IdentityHashMap<>();

    ApiSchemas(ApiDescription api) {
        this.api = api;
    }

    /** The schema as one object; an empty one where anything is allowed or where it stands elsewhere. */
    JsonNode whole(JsonNode schema) throws Unreadable {
        JsonNode known = whole.get(schema);
        if (known != null) {
            return known;
        }
        List<JsonNode> parts = new ArrayList<>();
        Set<String> notFollowed = collect(schema, parts, Collections.newSetFromMap(new IdentityHashMap<>()));
        ObjectNode one = NODES.objectNode();
        elsewhere.put(one, notFollowed);
        for (JsonNode part : parts) {
            for (Map.Entry<String, JsonNode> keyword : part.properties()) {
                add(one, keyword.getKey(), keyword.getValue());
            }
        }
        types(one, parts);
        tuple(one);
        requiredByThemselves(one);
        // Known before the alternatives are looked at: one of them may be this schema.
        whole.put(schema, one);
        withoutNull(one);
        return one;
    }

    /** Which parts of it stand in another document: what they say is not known. */
    Set<String> elsewhere(JsonNode whole) {
        return elsewhere.getOrDefault(whole, Set.of());
    }

    /** What of it stands elsewhere. */
    private Set<String> collect(JsonNode schema, List<JsonNode> parts, Set<JsonNode> seen) throws Unreadable {
        Set<String> notFollowed = new TreeSet<>();
        List<JsonNode> open = new ArrayList<>(List.of(schema));
        while (!open.isEmpty()) {
            JsonNode now = open.remove(open.size() - 1);
            JsonNode target = api.resolve(now);
            if (target.isMissingNode() && now.has("$ref")) {
                notFollowed.add(now.path("$ref").asText());
            }
            if (seen.size() > MOST_PARTS) {
                throw new Unreadable("a schema is put together from more than " + MOST_PARTS + " parts", "allOf");
            }
            if (target.isBoolean() && !target.asBoolean()) {
                parts.add(NODES.objectNode().set("not", NODES.objectNode()));
            }
            if (!target.isObject() || !seen.add(target)) {
                continue;
            }
            refuseMisspelt(target);
            for (String dynamic : List.of("$dynamicRef", "$recursiveRef")) {
                if (target.has(dynamic)) {
                    api.isElsewhere(dynamic + " " + target.path(dynamic).asText(""));
                }
            }
            parts.add(target);
            if (target != now && api.hasSiblings()) {
                ObjectNode siblings = ((ObjectNode) now.deepCopy()).without(List.of("$ref"));
                parts.add(siblings);
            }
            target.path("allOf").forEach(open::add);
        }
        return notFollowed;
    }

    private static void refuseMisspelt(JsonNode schema) throws Unreadable {
        for (Map.Entry<String, JsonNode> keyword : schema.properties()) {
            String right = KEYWORDS.contains(keyword.getKey()) ? null : Misspelt.near(keyword.getKey(), KEYWORDS);
            if (right != null && !keyword.getKey().startsWith("x-")) {
                throw new Unreadable(
                        "a schema has the property '" + Words.of(keyword.getKey()) + "', which is no keyword; '" + right
                                + "' would be right",
                        "in a schema");
            }
        }
    }

    private static void add(ObjectNode one, String keyword, JsonNode value) {
        JsonNode there = one.get(keyword);
        switch (keyword) {
            case "type" -> {
                // Types are put together elsewhere; draft 3 allows schemas among them.
                if (value.valueStream().anyMatch(JsonNode::isObject)) {
                    one.set("typeSchemas", value);
                }
            }
            case "dependencies" ->
                value.properties().forEach(dependency -> one.withObject(
                                dependency.getValue().isContainerNode()
                                                && !dependency.getValue().isArray()
                                        ? "/dependentSchemas"
                                        : "/dependentRequired")
                        .set(dependency.getKey(), dependency.getValue()));
            case "allOf",
                    "nullable",
                    "description",
                    "title",
                    "example",
                    "examples",
                    "deprecated",
                    "externalDocs",
                    "xml",
                    "$comment" -> {
                // Put together elsewhere, or for people.
            }
            case "properties" -> {
                ObjectNode all = one.withObject("/properties");
                value.properties()
                        .forEach(property -> all.set(
                                property.getKey(),
                                all.has(property.getKey())
                                                && !all.get(property.getKey()).equals(property.getValue())
                                        ? both(all.get(property.getKey()), property.getValue())
                                        : property.getValue()));
            }
            case "required" -> value.forEach(one.withArray("/required")::add);
            case "const" -> one.putArray("enum").add(value);
            case "minLength", "minItems", "minProperties", "minimum" ->
                one.set(keyword, there == null || there.asDouble() < value.asDouble() ? value : there);
            case "maxLength", "maxItems", "maxProperties", "maximum" ->
                one.set(keyword, there == null || there.asDouble() > value.asDouble() ? value : there);
            default -> {
                if (there == null) {
                    one.set(keyword, value);
                } else if (!there.equals(value)) {
                    one.withArray("/more").add(NODES.objectNode().set(keyword, value));
                }
            }
        }
    }

    /** Before 2020-12 a list of schemas was written as {@code items}, and what may follow as {@code additionalItems}. */
    private static void tuple(ObjectNode one) {
        JsonNode rest = one.remove("additionalItems");
        if (one.path("items").isArray()) {
            one.set("prefixItems", one.remove("items"));
            if (rest != null) {
                one.set("items", rest);
            }
        }
    }

    /** In draft 3 a property says itself that it is required. */
    private void requiredByThemselves(ObjectNode one) throws Unreadable {
        if (api.root().path("$schema").asText("").contains("draft-03")) {
            for (Map.Entry<String, JsonNode> property : one.path("properties").properties()) {
                if (api.resolve(property.getValue()).path("required").asBoolean(false)) {
                    one.withArray("/required").add(property.getKey());
                }
            }
        }
    }

    /** What a reference leads to, or the node itself. */
    JsonNode target(JsonNode node) throws Unreadable {
        return api.resolve(node);
    }

    private static ObjectNode both(JsonNode one, JsonNode other) {
        ObjectNode both = NODES.objectNode();
        both.putArray("allOf").add(one).add(other);
        return both;
    }

    /** Every part that names types narrows them. */
    private static void types(ObjectNode one, List<JsonNode> parts) {
        Set<String> all = null;
        for (JsonNode part : parts) {
            Set<String> types = typesOf(part);
            if (types != null && all == null) {
                all = new TreeSet<>(types);
            } else if (types != null) {
                all.retainAll(types);
            }
        }
        if (all != null) {
            ArrayNode array = one.putArray(TYPES);
            all.forEach(array::add);
        }
    }

    private static Set<String> typesOf(JsonNode part) {
        Set<String> types = new TreeSet<>();
        JsonNode type = part.path("type");
        if (type.isTextual()) {
            types.add(type.asText());
        } else if (type.isArray()) {
            type.forEach(name -> types.add(name.asText("")));
        } else if (part.has("properties")) {
            types.add("object");
        } else if (part.has("items")) {
            types.add("array");
        } else {
            return null;
        }
        if (part.path("nullable").asBoolean(false)) {
            types.add("null");
        }
        return types;
    }

    /** {@code anyOf: [X, {type: null}]} is X, or null. */
    private void withoutNull(ObjectNode one) throws Unreadable {
        for (String choice : List.of("oneOf", "anyOf")) {
            JsonNode alternatives = one.path(choice);
            ArrayNode left = NODES.arrayNode();
            for (JsonNode alternative : alternatives) {
                JsonNode type = alternative.path("type");
                if (!"null".equals(type.asText(""))
                        && !(type.size() == 1 && "null".equals(type.path(0).asText("")))) {
                    left.add(alternative);
                }
            }
            if (left.size() == alternatives.size() || left.isEmpty()) {
                continue;
            }
            one.remove(choice);
            if (left.size() > 1) {
                one.set(choice, left);
                one.put("orNull", true);
            } else {
                for (Map.Entry<String, JsonNode> keyword :
                        List.copyOf(whole(left.get(0)).properties())) {
                    one.set(keyword.getKey(), keyword.getValue());
                }
                Set<String> types = new LinkedHashSet<>();
                one.path(TYPES).forEach(name -> types.add(name.asText()));
                if (!types.isEmpty()) {
                    types.add("null");
                    ArrayNode array = one.putArray(TYPES);
                    types.forEach(array::add);
                }
            }
        }
    }
}
