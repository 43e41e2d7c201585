package dev.countersign.evidence.infrastructure;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.POJONode;

/**
 * A value that only a run would know: a reference, a function, text with something to be put in, what is known after apply.
 *
 * @param text as it stands in the file, or what it refers to
 */
public record Untold(String text) {
    public static JsonNode of(String text) {
        return JsonNodeFactory.instance.pojoNode(new Untold(text));
    }

    static boolean is(JsonNode value) {
        return value.isPojo();
    }

    /** Empty where it is told. */
    static String text(JsonNode value) {
        return value instanceof POJONode node && node.getPojo() instanceof Untold untold ? untold.text() : "";
    }
}
