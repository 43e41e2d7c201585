package dev.countersign.evidence.reader;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * Which change of a schema breaks somebody: in a request whatever the new API takes no more, in a response whatever the old API never gave. What cannot be told counts
 * as breaking.
 */
final class ApiSchemaRules {
    private static final int DEEPEST = 300;
    private static final int MOST_STEPS = 300_000;
    private static final List<String> OPAQUE = List.of(
            "not",
            "if",
            "then",
            "else",
            "patternProperties",
            "contains",
            "minContains",
            "maxContains",
            "contentEncoding",
            "contentMediaType",
            "contentSchema",
            "dependentRequired",
            "dependentSchemas",
            "propertyNames",
            "unevaluatedProperties",
            "unevaluatedItems",
            "discriminator",
            // Draft 3.
            "disallow",
            "divisibleBy",
            "extends",
            "typeSchemas",
            "more");
    private static final List<String> SIZES = List.of("Length", "Items", "Properties");

    private final ApiSchemas before;
    private final ApiSchemas after;
    private int steps;

    ApiSchemaRules(ApiSchemas before, ApiSchemas after) {
        this.before = before;
        this.after = after;
    }

    /** @param breaks told the change's id and where it is, for example {@code items/price} */
    void compare(JsonNode old, JsonNode now, boolean request, BiConsumer<String, String> breaks) throws Unreadable {
        new Walk(request, breaks, new IdentityHashMap<>()).compare(old, now, "", 0);
    }

    /** Whether two values say the same, whatever stands behind their references; too deep to be told is not. */
    private boolean isSame(JsonNode old, JsonNode now, Map<JsonNode, Set<Integer>> met, int depth) throws Unreadable {
        JsonNode was = before.target(old);
        JsonNode is = after.target(now);
        if (depth > DEEPEST || ++steps > MOST_STEPS) {
            return false;
        }
        if (was.isMissingNode() && is.isMissingNode()) {
            // Neither is there, or both stand elsewhere.
            return old.equals(now);
        }
        if (!was.isContainerNode() || was.getNodeType() != is.getNodeType()) {
            return was.equals(is);
        }
        if (!met.computeIfAbsent(was, node -> new HashSet<>()).add(System.identityHashCode(is))) {
            return true;
        }
        if ((was != old || is != now) && !siblings(old).equals(siblings(now))) {
            return false;
        }
        if (was.size() != is.size()) {
            return false;
        }
        if (was.isArray()) {
            for (int i = 0; i < was.size(); i++) {
                if (!isSame(was.get(i), is.get(i), met, depth + 1)) {
                    return false;
                }
            }
            return true;
        }
        for (Map.Entry<String, JsonNode> member : was.properties()) {
            if (!isSame(member.getValue(), is.path(member.getKey()), met, depth + 1)) {
                return false;
            }
        }
        return true;
    }

    /** What stands beside a reference. */
    private static JsonNode siblings(JsonNode node) {
        return node.has("$ref")
                ? ((ObjectNode) node.deepCopy()).without("$ref")
                : JsonNodeFactory.instance.objectNode();
    }

    private final class Walk {
        private final boolean request;
        private final String side;
        private final BiConsumer<String, String> breaks;
        private final Map<JsonNode, Set<Integer>> seen;

        private Walk(boolean request, BiConsumer<String, String> breaks, Map<JsonNode, Set<Integer>> seen) {
            this.request = request;
            this.side = request ? "request" : "response";
            this.breaks = breaks;
            this.seen = seen;
        }

        private void breaks(String where, String what) {
            breaks.accept(side + (where.isEmpty() ? "-body-" : "-property-") + what, where);
        }

        private void compare(JsonNode oldNode, JsonNode newNode, String where, int depth) throws Unreadable {
            JsonNode old = before.whole(oldNode);
            JsonNode now = after.whole(newNode);
            if (depth > DEEPEST || ++steps > MOST_STEPS) {
                throw new Unreadable("the schemas are too deep or too many to compare", Words.of(where));
            }
            if (!seen.computeIfAbsent(old, node -> new HashSet<>()).add(System.identityHashCode(now))) {
                return;
            }
            if (!before.elsewhere(old).equals(after.elsewhere(now))) {
                shared(old, now, where, depth);
                return;
            }
            boolean alternatives = alternatives(old, now, where, depth);
            if (!alternatives) {
                types(old, now, where);
            }
            values(old, now, where);
            bounds(old, now, where);
            properties(old, now, where, depth);
            items(old, now, where, depth);
            for (String keyword : OPAQUE) {
                if (!isSame(old.path(keyword), now.path(keyword), new IdentityHashMap<>(), depth)) {
                    breaks(where, keyword.toLowerCase(java.util.Locale.ROOT) + "-changed");
                }
            }
        }

        /** Some of it moved into another document, or out of one: what is here on both sides is compared, what is here on one side may be there on the other. The description has a gap, which says so. */
        private void shared(JsonNode old, JsonNode now, String where, int depth) throws Unreadable {
            JsonNode has = now.path("properties");
            for (Map.Entry<String, JsonNode> property : old.path("properties").properties()) {
                if (has.has(property.getKey())) {
                    compare(
                            property.getValue(),
                            has.path(property.getKey()),
                            where + "/" + Words.of(property.getKey()),
                            depth + 1);
                }
            }
            if (old.has("items") && now.has("items")) {
                compare(old.path("items"), now.path("items"), where + "/items", depth + 1);
            }
        }

        private void items(JsonNode old, JsonNode now, String where, int depth) throws Unreadable {
            JsonNode had = old.path("prefixItems");
            JsonNode has = now.path("prefixItems");
            for (int i = 0; i < Math.max(had.size(), has.size()); i++) {
                compare(
                        i < had.size() ? had.path(i) : old.path("items"),
                        i < has.size() ? has.path(i) : now.path("items"),
                        where + "/items/" + i,
                        depth + 1);
            }
            if (old.has("items") || now.has("items")) {
                compare(old.path("items"), now.path("items"), where + "/items", depth + 1);
            }
        }

        private void types(JsonNode old, JsonNode now, String where) {
            Set<String> had = names(old.path(ApiSchemas.TYPES));
            Set<String> has = names(now.path(ApiSchemas.TYPES));
            boolean had0 = old.has(ApiSchemas.TYPES);
            boolean has0 = now.has(ApiSchemas.TYPES);
            boolean fits = request ? !has0 || (had0 && covers(has, had)) : !had0 || (has0 && covers(had, has));
            if (!fits) {
                boolean onlyNull = without(had).equals(without(has));
                breaks(where, onlyNull && had0 && has0 ? "became-nullable-or-not" : "type-changed");
            } else if ((request ? now : old).has("format")
                    && !old.path("format").equals(now.path("format"))
                    && !widened(old, now)) {
                breaks(where, "type-changed");
            }
        }

        /** int32 is contained in int64, and float in double. */
        private boolean widened(JsonNode old, JsonNode now) {
            JsonNode narrow = request ? old : now;
            JsonNode wide = request ? now : old;
            String pair =
                    narrow.path("format").asText("") + " " + wide.path("format").asText("");
            return pair.equals("int32 int64") || pair.equals("float double");
        }

        private static Set<String> without(Set<String> types) {
            Set<String> left = new HashSet<>(types);
            left.remove("null");
            return left;
        }

        private static Set<String> names(JsonNode array) {
            Set<String> names = new HashSet<>();
            array.forEach(name -> names.add(name.asText("")));
            return names;
        }

        private static boolean covers(Set<String> wide, Set<String> narrow) {
            return narrow.stream()
                    .allMatch(type -> wide.contains(type) || (type.equals("integer") && wide.contains("number")));
        }

        private void values(JsonNode old, JsonNode now, String where) {
            JsonNode had = old.path("enum");
            JsonNode has = now.path("enum");
            JsonNode narrow = request ? had : has;
            JsonNode wide = request ? has : had;
            if (!wide.isMissingNode() && narrow.isMissingNode()) {
                breaks(where, request ? "became-enum" : "enum-dropped");
            } else if (!wide.isMissingNode()) {
                for (JsonNode value : narrow) {
                    if (wide.valueStream().noneMatch(value::equals)) {
                        breaks(where, request ? "enum-value-removed" : "enum-value-added");
                        break;
                    }
                }
            }
            if (request) {
                String pattern = now.path("pattern").asText("");
                if (!pattern.isEmpty()
                        && !Set.of(".*", "^.*$").contains(pattern)
                        && !pattern.equals(old.path("pattern").asText(""))) {
                    breaks(where, old.has("pattern") ? "pattern-changed" : "pattern-added");
                }
                if (now.path("uniqueItems").asBoolean(false)
                        && !old.path("uniqueItems").asBoolean(false)) {
                    breaks(where, "unique-items");
                }
                JsonNode multiple = now.path("multipleOf");
                if (!multiple.isMissingNode()
                        && !(old.has("multipleOf") && old.path("multipleOf").asDouble() % multiple.asDouble() == 0)) {
                    breaks(where, "multiple-of-changed");
                }
            }
        }

        private void bounds(JsonNode old, JsonNode now, String where) {
            for (String size : SIZES) {
                double oldLeast = old.path("min" + size).asDouble(0);
                double newLeast = now.path("min" + size).asDouble(0);
                double oldMost = old.path("max" + size).asDouble(Double.POSITIVE_INFINITY);
                double newMost = now.path("max" + size).asDouble(Double.POSITIVE_INFINITY);
                String word = size.toLowerCase(java.util.Locale.ROOT);
                bound(where, "min-" + word, newLeast - oldLeast);
                bound(where, "max-" + word, Double.compare(oldMost, newMost));
            }
            bound(where, "minimum", Double.compare(edge(now, "minimum", -1), edge(old, "minimum", -1)));
            bound(where, "maximum", Double.compare(edge(old, "maximum", 1), edge(now, "maximum", 1)));
        }

        /** @param tighter above zero where the new bound lets less through */
        private void bound(String where, String what, double tighter) {
            if (request && tighter > 0) {
                breaks(where, what + "-tightened");
            } else if (!request && tighter < 0) {
                breaks(where, what + "-loosened");
            }
        }

        /** An exclusive edge is a little further in; OpenAPI 3.0 says so by a flag, 3.1 by its own number. */
        private static double edge(JsonNode schema, String keyword, int direction) {
            JsonNode exclusive = schema.path("exclusiveM" + keyword.substring(1));
            double edge = schema.path(keyword).asDouble(direction * Double.POSITIVE_INFINITY);
            double open = exclusive.isNumber()
                    ? exclusive.asDouble()
                    : exclusive.asBoolean(false) ? edge : direction * Double.POSITIVE_INFINITY;
            if (direction < 0) {
                return Math.max(edge, Double.isInfinite(open) ? open : Math.nextUp(open));
            }
            return Math.min(edge, Double.isInfinite(open) ? open : Math.nextDown(open));
        }

        private void properties(JsonNode old, JsonNode now, String where, int depth) throws Unreadable {
            JsonNode had = old.path("properties");
            JsonNode has = now.path("properties");
            Set<String> hadTo = names(old.path("required"));
            Set<String> hasTo = names(now.path("required"));
            for (Map.Entry<String, JsonNode> property : had.properties()) {
                String name = property.getKey();
                String at = where + "/" + Words.of(name);
                if (!has.has(name)) {
                    if (!isNotOf(before.whole(property.getValue()))) {
                        breaks(at, "removed");
                    }
                    continue;
                }
                // Also what is only read: who sends back what was read would be refused by a narrower one.
                compare(property.getValue(), has.path(name), at, depth + 1);
                if (!request && hadTo.contains(name) && !hasTo.contains(name)) {
                    breaks(at, "became-optional");
                }
            }
            if (request) {
                for (String name : hasTo) {
                    JsonNode property = after.whole(has.path(name));
                    if (!hadTo.contains(name) && !property.has("default") && !isNotOf(property)) {
                        breaks(where + "/" + Words.of(name), had.has(name) ? "became-required" : "new-required");
                    }
                }
            }
            JsonNode oldMore = old.path("additionalProperties");
            JsonNode newMore = now.path("additionalProperties");
            if (oldMore.isObject() && newMore.isObject()) {
                compare(oldMore, newMore, where + "/*", depth + 1);
            } else if (request && !newMore.asBoolean(true) && !newMore.isObject() && oldMore.asBoolean(true)) {
                breaks(where, "additional-properties-closed");
            } else if (request
                    && newMore.isObject()
                    && !newMore.isEmpty()
                    && !oldMore.isObject()
                    && oldMore.asBoolean(true)
                    && old.has("additionalProperties")) {
                breaks(where, "additional-properties-narrowed");
            }
        }

        /** What is only read is no part of a request, and what is only written none of a response. */
        private boolean isNotOf(JsonNode property) {
            return property.path(request ? "readOnly" : "writeOnly").asBoolean(false);
        }

        /** @return true where the alternatives have been compared in place of the types */
        private boolean alternatives(JsonNode old, JsonNode now, String where, int depth) throws Unreadable {
            List<JsonNode> had = listed(old);
            List<JsonNode> has = listed(now);
            if (had.isEmpty() && has.isEmpty()) {
                return false;
            }
            if (had.isEmpty() || has.isEmpty()) {
                // One schema became several, or several one.
                boolean fits = had.isEmpty() == request
                        ? (had.isEmpty() ? has : had)
                                .stream()
                                        .anyMatch(one ->
                                                fits(had.isEmpty() ? old : one, has.isEmpty() ? now : one, depth))
                        : (had.isEmpty() ? has : had)
                                .stream()
                                        .allMatch(one ->
                                                fits(had.isEmpty() ? old : one, has.isEmpty() ? now : one, depth));
                if (!fits) {
                    breaks(where, "alternatives-changed");
                }
                return true;
            }
            // One of several and no other is less than any of them.
            if (Math.min(had.size(), has.size()) > 1
                    && (request ? old : now).has("anyOf")
                    && (request ? now : old).has("oneOf")) {
                breaks(where, "alternatives-changed");
            }
            if (request
                    ? old.path("orNull").asBoolean() && !now.path("orNull").asBoolean()
                    : now.path("orNull").asBoolean() && !old.path("orNull").asBoolean()) {
                breaks(where, "became-nullable-or-not");
            }
            List<JsonNode> missing = new ArrayList<>(had);
            List<JsonNode> added = new ArrayList<>(has);
            for (JsonNode one : had) {
                JsonNode same = added.stream()
                        .filter(other -> other.equals(one))
                        .findFirst()
                        .orElse(null);
                if (same != null) {
                    removeOne(missing, one);
                    removeOne(added, same);
                    compare(one, same, where + "/" + named(one), depth + 1);
                }
            }
            if (missing.size() == added.size()) {
                for (int i = 0; i < missing.size(); i++) {
                    compare(missing.get(i), added.get(i), where + "/" + named(missing.get(i)), depth + 1);
                }
            } else {
                for (JsonNode one : request ? missing : added) {
                    List<JsonNode> others = request ? has : had;
                    if (others.stream()
                            .noneMatch(other -> request ? fits(one, other, depth) : fits(other, one, depth))) {
                        breaks(where, request ? "alternative-removed" : "alternative-added");
                    }
                }
            }
            return true;
        }

        private static void removeOne(List<JsonNode> from, JsonNode node) {
            for (int i = 0; i < from.size(); i++) {
                if (from.get(i) == node) {
                    from.remove(i);
                    return;
                }
            }
        }

        private static String named(JsonNode alternative) {
            String reference = alternative.path("$ref").asText("");
            return Words.of(reference.substring(reference.lastIndexOf('/') + 1));
        }

        private static List<JsonNode> listed(JsonNode schema) {
            List<JsonNode> all = new ArrayList<>();
            schema.path("oneOf").forEach(all::add);
            schema.path("anyOf").forEach(all::add);
            return all;
        }

        private boolean fits(JsonNode old, JsonNode now, int depth) {
            boolean[] broken = new boolean[1];
            try {
                new Walk(request, (id, where) -> broken[0] = true, new IdentityHashMap<>())
                        .compare(old, now, "", depth + 1);
            } catch (Unreadable tooMuch) {
                return false;
            }
            return !broken[0];
        }
    }
}
