package dev.countersign.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A synthetic transaction: what a user does, as requests that the platform makes itself.
 *
 * @param digest of the exact bytes of the file that declares it: the version
 * @param within the whole journey may take
 */
public record Journey(String id, String service, String digest, Duration within, List<Step> steps) {
    /** In paths, headers and bodies, {@code ${name}} is what an earlier step kept, and {@code ${secret.name}} a secret of the operators. */
    public static final String SECRET = "secret.";

    /**
     * @param path with its query; the address before it is the operators'
     * @param body null for none
     * @param json a body that is sent as JSON, filled in value by value; null for none
     * @param within the answer must be there in full
     */
    public record Step(
            String id,
            String method,
            String path,
            Map<String, String> headers,
            String body,
            JsonNode json,
            Duration within,
            Expectation expected,
            List<Kept> kept) {}

    /**
     * @param headers that the answer must have, each with a text that its value contains
     * @param contains texts that the body must contain
     */
    public record Expectation(
            Set<Integer> status, List<JsonValue> json, Map<String, String> headers, List<String> contains) {}

    /** @param is null where it must only be there */
    public record JsonValue(String at, JsonNode is) {}

    /** What later steps need. One of the three is given. @param regex whose first group counts, looked for in the body */
    public record Kept(String name, String json, String header, String regex) {}
}
