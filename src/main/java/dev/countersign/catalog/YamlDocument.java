package dev.countersign.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One document of a YAML file as a tree, with the place of every value by its JSON pointer.
 *
 * @param file path below its folder
 */
record YamlDocument(String file, JsonNode content, Map<String, Place> places) {

    /** The value as text; null where it is absent, null or no scalar. */
    String text(String pointer) {
        JsonNode node = content.at(pointer);
        return node.isValueNode() && !node.isNull() ? node.asText().strip() : null;
    }

    boolean has(String pointer) {
        JsonNode node = content.at(pointer);
        return !node.isMissingNode() && !node.isNull();
    }

    /** The value as text, which must be there. */
    String required(String pointer) {
        String text = text(pointer);
        if (text == null || text.isEmpty()) {
            String expected = "`" + dotted(pointer) + "` must be there and be text";
            throw new BrokenFile(file, place(pointer), expected);
        }
        return text;
    }

    /** A list of texts; empty where it is absent. */
    List<String> texts(String pointer) {
        JsonNode node = content.at(pointer);
        if (node.isMissingNode() || node.isNull()) {
            return List.of();
        }
        if (!node.isArray()) {
            throw new BrokenFile(file, place(pointer), "`" + dotted(pointer) + "` must be a list");
        }
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < node.size(); i++) {
            texts.add(required(pointer + "/" + i));
        }
        return texts;
    }

    /** Where the value is, or where the nearest one around it is. */
    Place place(String pointer) {
        for (String at = pointer; ; at = at.substring(0, at.lastIndexOf('/'))) {
            Place place = places.get(at);
            if (place != null || at.isEmpty()) {
                return place;
            }
        }
    }

    BrokenFile broken(String pointer, String message) {
        return new BrokenFile(file, place(pointer), message);
    }

    Catalog.Problem problem(String pointer, String message) {
        return BrokenFile.problem(file, place(pointer), message);
    }

    /** For use in a pointer: RFC 6901. */
    static String escaped(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }

    private static String dotted(String pointer) {
        return pointer.substring(1).replace('/', '.').replace("~1", "/").replace("~0", "~");
    }
}
