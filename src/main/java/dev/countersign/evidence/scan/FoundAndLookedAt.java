package dev.countersign.evidence.scan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.countersign.evidence.SourceUnavailable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * One document out of two exports. The disclosure report (VDR) has the vulnerabilities with what was decided about them, but of the components only those that have some: nobody could tell a clean project from
 * one that was never looked at. The inventory has all of them. Both use the same references.
 */
final class FoundAndLookedAt {
    private static final String NAME = "Dependency-Track";

    private FoundAndLookedAt() {}

    static byte[] of(JsonNode inventory, JsonNode disclosed) throws SourceUnavailable {
        Set<String> known = new HashSet<>();
        refs(inventory.path("components"), known);
        known.add(inventory.at("/metadata/component/bom-ref").asText(""));
        for (JsonNode vulnerability : disclosed.path("vulnerabilities")) {
            for (JsonNode affects : vulnerability.path("affects")) {
                if (!known.contains(affects.path("ref").asText(""))) {
                    throw new SourceUnavailable("it tells of a vulnerability in a component that it does not list");
                }
            }
        }
        ObjectNode document = inventory.deepCopy();
        // Made anew for each export: without them the same findings are the same bytes.
        document.remove("serialNumber");
        ObjectNode metadata = document.withObjectProperty("metadata");
        metadata.remove("timestamp");
        name(metadata);
        sort(document, "components", "bom-ref");
        sort(document, "dependencies", "ref");
        document.set(
                "vulnerabilities",
                disclosed.path("vulnerabilities").isArray()
                        ? disclosed.path("vulnerabilities").deepCopy()
                        : document.arrayNode());
        sort(document, "vulnerabilities", "id");
        return document.toPrettyString().getBytes(StandardCharsets.UTF_8);
    }

    /** Who looked: without a name an empty list of vulnerabilities says nothing. */
    private static void name(ObjectNode metadata) {
        if (metadata.path("tools") instanceof ObjectNode tools) {
            add(tools, "components");
        } else {
            add(metadata, "tools");
        }
    }

    private static void add(ObjectNode to, String list) {
        ArrayNode tools = to.path(list) instanceof ArrayNode there ? there : to.putArray(list);
        if (tools.valueStream().noneMatch(tool -> NAME.equals(tool.path("name").asText()))) {
            tools.addObject().put("name", NAME);
        }
    }

    private static void refs(JsonNode components, Set<String> into) {
        for (JsonNode component : components) {
            into.add(component.path("bom-ref").asText(""));
            refs(component.path("components"), into);
        }
    }

    private static void sort(ObjectNode document, String list, String by) {
        if (document.path(list) instanceof ArrayNode array) {
            List<JsonNode> sorted = new ArrayList<>();
            array.forEach(sorted::add);
            sorted.sort(Comparator.comparing((JsonNode one) -> one.path(by).asText(""))
                    .thenComparing(JsonNode::toString));
            array.removeAll();
            array.addAll(sorted);
        }
    }
}
