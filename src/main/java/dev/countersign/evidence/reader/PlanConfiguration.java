package dev.countersign.evidence.reader;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.countersign.evidence.infrastructure.Checks;
import dev.countersign.evidence.infrastructure.Untold;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * What the configuration in a plan refers to: a bucket whose name is known after apply is told from another by it. What nobody wrote cannot be told from what is made up while it runs, since blocks that are do not stand
 * in it: both stay known after apply.
 */
final class PlanConfiguration {
    private static final int MOST = 200_000;

    /** By address: each property that refers to one thing, and to what. */
    private final Map<String, Map<String, String>> said = new HashMap<>();

    private final int[] values = new int[1];

    void read(JsonCursor json) throws IOException, Unreadable {
        json.object("configuration", name -> {
            if (name.equals("root_module")) {
                module(json, "", 0);
            } else {
                json.skip();
            }
        });
    }

    private void module(JsonCursor json, String path, int depth) throws IOException, Unreadable {
        if (depth > 50) {
            throw json.fault("modules nested deeper than 50");
        }
        json.object("a module", name -> {
            switch (name) {
                case "resources" -> json.array(name, () -> resource(json, path));
                case "module_calls" ->
                    json.object(
                            name,
                            call -> json.object("a call", part -> {
                                if (part.equals("module")) {
                                    module(json, path + "module." + call + ".", depth + 1);
                                } else {
                                    json.skip();
                                }
                            }));
                default -> json.skip();
            }
        });
    }

    private void resource(JsonCursor json, String path) throws IOException, Unreadable {
        JsonNode resource = json.tree("a resource");
        if (!Checks.isCovered(resource.path("type").asText(""))) {
            return;
        }
        Map<String, String> properties = new HashMap<>();
        for (Map.Entry<String, JsonNode> one : resource.path("expressions").properties()) {
            if (++values[0] > MOST) {
                throw json.fault("the configuration has more than %d properties".formatted(MOST));
            }
            String only = only(one.getValue().path("references"));
            if (!only.isEmpty()) {
                properties.put(one.getKey(), path + only);
            }
        }
        said.put(path + resource.path("address").asText(""), properties);
    }

    /** Beside what is referred to stands what it is a part of; empty where there is more. */
    private static String only(JsonNode references) {
        String first = references.path(0).asText("");
        for (JsonNode other : references) {
            if (!first.startsWith(other.asText(""))) {
                return "";
            }
        }
        return first;
    }

    /** One of several instances refers to one of several. */
    void complete(String address, ObjectNode after) {
        if (address.indexOf('[') >= 0) {
            return;
        }
        said.getOrDefault(address, Map.of()).forEach((name, reference) -> {
            if (after.path(name).isPojo()) {
                after.set(name, Untold.of(reference));
            }
        });
    }
}
