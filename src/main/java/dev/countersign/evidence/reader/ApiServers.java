package dev.countersign.evidence.reader;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.evidence.reader.ApiOperations.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The addresses at which an API is found: whoever uses one that is gone is not served any more. */
final class ApiServers {
    static final String MEMBER = "servers";

    private ApiServers() {}

    /** What an operation, or its path, says instead of the whole description. */
    static JsonNode own(Operation operation) {
        JsonNode own = operation.node().path(MEMBER);
        return own.isMissingNode() ? operation.item().path(MEMBER) : own;
    }

    static JsonNode of(ApiDescription api, Operation operation) {
        JsonNode own = own(operation);
        return own.isMissingNode() ? api.root().path(MEMBER) : own;
    }

    /** Addresses that are not there any more, or take less. An address of the machine itself is nobody's, such as one that a build wrote down. */
    static List<String> gone(JsonNode before, JsonNode after) {
        List<String> gone = new ArrayList<>();
        for (JsonNode server : before) {
            String url = url(server);
            if (!isOfTheMachineItself(url)
                    && after.valueStream().noneMatch(other -> url(other).equals(url) && takes(other, server))) {
                gone.add(Words.of(url.isEmpty() ? "/" : url));
            }
        }
        return gone;
    }

    private static String url(JsonNode server) {
        return server.path("url").asText("").strip().replaceFirst("/+$", "");
    }

    private static boolean isOfTheMachineItself(String url) {
        return url.toLowerCase(Locale.ROOT)
                .matches("[a-z]*:?//(localhost|127\\.0\\.0\\.1|0\\.0\\.0\\.0|\\[::1])([:/].*)?");
    }

    /** Whether every value that a variable of the address had is still one. */
    private static boolean takes(JsonNode after, JsonNode before) {
        for (Map.Entry<String, JsonNode> variable : before.path("variables").properties()) {
            JsonNode now = after.path("variables").path(variable.getKey());
            JsonNode allowed = now.path("enum");
            boolean narrowed = !allowed.isMissingNode()
                    && (variable.getValue().path("enum").isMissingNode()
                            || variable.getValue().path("enum").valueStream().anyMatch(value -> allowed.valueStream()
                                    .noneMatch(value::equals)));
            if (now.isMissingNode()
                    || narrowed
                    || !now.path("default").equals(variable.getValue().path("default"))) {
                return false;
            }
        }
        return true;
    }
}
