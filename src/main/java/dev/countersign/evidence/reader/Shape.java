package dev.countersign.evidence.reader;

import com.fasterxml.jackson.databind.JsonNode;

/** What has another form than it must have is refused: a list that is none must not be taken for an empty one. */
final class Shape {
    private Shape() {}

    /** The list of that name; an empty one where it is missing or null. */
    static JsonNode list(JsonNode of, String name, String place) throws Unreadable {
        JsonNode list = of.path(name);
        if (!list.isMissingNode() && !list.isNull() && !list.isArray()) {
            throw new Unreadable(name + " must be an array", place + "/" + name);
        }
        return list;
    }

    static JsonNode object(JsonNode node, String what, String place) throws Unreadable {
        if (!node.isObject()) {
            throw new Unreadable(what + " must be an object", place);
        }
        return node;
    }
}
