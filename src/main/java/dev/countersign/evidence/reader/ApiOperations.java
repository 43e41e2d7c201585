package dev.countersign.evidence.reader;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
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
        for (Map.Entry<String, JsonNode> path :
                api.root().path(ApiDescription.PATHS).properties()) {
            for (Operation one : of(api, path)) {
                String shape = one.method() + " " + path.getKey().replaceAll("\\{[^{}]*}", "{}");
                // Two paths of one shape (/a/{b}, /a/{c}) are a fault of the description: each is kept by its name.
                all.put(all.containsKey(shape) ? one.toString() : shape, one);
            }
        }
        return all;
    }

    /** What the server calls at those who asked for it (OpenAPI 3.1), by name. */
    static Map<String, Operation> webhooks(ApiDescription api) throws Unreadable {
        return named(api, api.root().path(ApiDescription.WEBHOOKS));
    }

    /** What the server calls where an operation was called, by name and expression. */
    static Map<String, Operation> callbacks(ApiDescription api, Operation of) throws Unreadable {
        Map<String, Operation> all = new TreeMap<>();
        for (Map.Entry<String, JsonNode> callback : of.node().path("callbacks").properties()) {
            named(api, api.resolve(callback.getValue()))
                    .forEach((key, operation) -> all.put(callback.getKey() + " " + key, operation));
        }
        return all;
    }

    /** @param name of the callback and its operation, as {@link #callbacks} tells it */
    static boolean isCallbackElsewhere(ApiDescription api, Operation of, String name, Operation event)
            throws Unreadable {
        for (Map.Entry<String, JsonNode> callback : of.node().path("callbacks").properties()) {
            if (name.startsWith(callback.getKey() + " ")) {
                return api.leadsElsewhere(callback.getValue())
                        || api.leadsElsewhere(api.resolve(callback.getValue()).path(event.path()));
            }
        }
        return false;
    }

    private static Map<String, Operation> named(ApiDescription api, JsonNode items) throws Unreadable {
        Map<String, Operation> all = new TreeMap<>();
        for (Map.Entry<String, JsonNode> item : items.properties()) {
            of(api, item).forEach(one -> all.put(one.toString(), one));
        }
        return all;
    }

    private static List<Operation> of(ApiDescription api, Map.Entry<String, JsonNode> path) throws Unreadable {
        List<Operation> all = new ArrayList<>();
        if (!path.getKey().startsWith("x-")) {
            JsonNode item = api.resolve(path.getValue());
            for (String method : METHODS) {
                if (item.path(method).isObject()) {
                    all.add(new Operation(
                            method.toUpperCase(java.util.Locale.ROOT), path.getKey(), item, item.path(method)));
                }
            }
        }
        return all;
    }

    static boolean hasParametersElsewhere(ApiDescription api, Operation of) throws Unreadable {
        for (JsonNode declared :
                new JsonNode[] {of.item().path("parameters"), of.node().path("parameters")}) {
            for (JsonNode one : declared) {
                if (api.leadsElsewhere(one)) {
                    return true;
                }
            }
        }
        return false;
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
