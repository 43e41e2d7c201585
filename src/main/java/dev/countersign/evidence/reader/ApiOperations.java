package dev.countersign.evidence.reader;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The operations of an API by method and shape of the path: the names of path parameters are nobody's contract. */
final class ApiOperations {
    static final List<String> METHODS = List.of("get", "put", "post", "delete", "options", "head", "patch", "trace");

    /** @param item the path's own member, which its operations share */
    record Operation(String method, String path, JsonNode item, JsonNode node) {
        @Override
        public String toString() {
            return method + " " + path;
        }

        /** The names of the path's parameters, in order. */
        List<String> names() {
            return java.util.regex.Pattern.compile("\\{([^{}]*)}")
                    .matcher(path)
                    .results()
                    .map(found -> found.group(1))
                    .toList();
        }
    }

    private ApiOperations() {}

    static Map<String, Operation> of(ApiDescription api) throws Unreadable {
        Map<String, Operation> all = new TreeMap<>();
        for (Map.Entry<String, JsonNode> path : api.root().path("paths").properties()) {
            if (path.getKey().startsWith("x-")) {
                continue;
            }
            JsonNode item = api.resolve(path.getValue());
            for (String method : METHODS) {
                if (item.path(method).isObject()) {
                    Operation one = new Operation(
                            method.toUpperCase(java.util.Locale.ROOT), path.getKey(), item, item.path(method));
                    String shape = one.method() + " " + path.getKey().replaceAll("\\{[^{}]*}", "{}");
                    // Two paths of one shape (/a/{b}, /a/{c}) are a fault of the description: each is kept by its name.
                    all.put(all.containsKey(shape) ? one.toString() : shape, one);
                }
            }
        }
        return all;
    }

    /** Parameters by place and name, those of the operation over those of the path; path parameters by their position. */
    static Map<String, JsonNode> parameters(ApiDescription api, Operation of) throws Unreadable {
        Map<String, JsonNode> all = new LinkedHashMap<>();
        for (JsonNode declared :
                new JsonNode[] {of.item().path("parameters"), of.node().path("parameters")}) {
            for (JsonNode one : declared) {
                JsonNode parameter = api.resolve(one);
                String in = parameter.path("in").asText("");
                String name = parameter.path("name").asText("");
                if (in.equals("path")) {
                    all.put("path #" + (of.names().indexOf(name) + 1), parameter);
                } else if (!in.isEmpty()) {
                    all.put(
                            in + " " + (in.equals("header") ? name.toLowerCase(java.util.Locale.ROOT) : name),
                            parameter);
                }
            }
        }
        return all;
    }
}
