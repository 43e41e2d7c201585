package dev.countersign.evidence.reader;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;

/** The words of OpenAPI that decide whether something breaks: a misspelt one is refused. */
final class ApiWords {
    static final Set<String> OPERATION = Set.of(
            "parameters", "requestBody", "responses", "security", "deprecated", "operationId", "summary", "tags");
    static final Set<String> PARAMETER = Set.of("name", "in", "required", "schema", "content", "style", "explode");
    static final Set<String> BODY = Set.of("content", "required", "description");
    static final Set<String> RESPONSE = Set.of("content", "headers", "description", "links");

    private ApiWords() {}

    static void check(JsonNode node, Set<String> words, String place) throws Unreadable {
        for (var member : node.properties()) {
            String right = words.contains(member.getKey()) ? null : Misspelt.near(member.getKey(), words);
            if (right != null && !member.getKey().startsWith("x-")) {
                throw new Unreadable(
                        "the property '" + Words.of(member.getKey()) + "' is not known here; '" + right
                                + "' would be right",
                        Words.of(place));
            }
        }
    }
}
