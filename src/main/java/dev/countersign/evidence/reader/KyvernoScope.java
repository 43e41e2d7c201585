package dev.countersign.evidence.reader;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What the results of a policy report are about: the resources that they name, or the one that the whole report is about. */
final class KyvernoScope {
    private static final int LONGEST = 160;

    private KyvernoScope() {}

    /** Of each report of the document, in order, since it often stands behind the results. */
    static void collect(JsonCursor json, List<String> about, boolean mayBeList) throws IOException, Unreadable {
        if (!json.isObject()) {
            json.skip();
            return;
        }
        JsonNode[] scope = {JsonNodeFactory.instance.objectNode()};
        String[] name = {""};
        boolean[] items = new boolean[1];
        json.object("a policy report", field -> {
            switch (field) {
                case "scope" -> scope[0] = json.tree(field);
                case "metadata" -> {
                    JsonNode metadata = json.tree(field);
                    name[0] = words(metadata);
                }
                case "items" -> {
                    items[0] = true;
                    if (mayBeList && json.isArray()) {
                        json.array(field, () -> collect(json, about, false));
                    } else {
                        json.skip();
                    }
                }
                default -> json.skip();
            }
        });
        if (!items[0]) {
            String scoped = words(scope[0]);
            about.add(scoped.isEmpty() ? name[0] : scoped);
        }
    }

    /** @param whole what the whole report is about, where a result names nothing */
    static String of(JsonNode resources, String whole) {
        Set<String> named = new LinkedHashSet<>();
        resources.forEach(one -> named.add(words(one)));
        named.remove("");
        if (named.isEmpty()) {
            return whole;
        }
        String all = String.join(", ", named);
        // The digest tells long lists apart that begin alike.
        return all.length() <= LONGEST
                ? all
                : "%s and %d more (%s)"
                        .formatted(named.iterator().next(), named.size() - 1, Integer.toHexString(all.hashCode()));
    }

    private static String words(JsonNode resource) {
        String namespace = resource.path("namespace").asText("");
        String name = resource.path("name").asText("");
        String path = namespace.isEmpty() && name.isEmpty() ? "" : namespace + "/" + name;
        return (resource.path("kind").asText("") + " " + path).strip();
    }
}
