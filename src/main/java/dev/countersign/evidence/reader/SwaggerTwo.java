package dev.countersign.evidence.reader;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Set;

/** Brings Swagger 2.0 into the shape of OpenAPI 3.0: bodies and forms, media types, schemas of parameters and headers. */
final class SwaggerTwo {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final Set<String> OF_PARAMETER =
            Set.of("name", "in", "required", "description", "allowEmptyValue", "schema", "deprecated");
    private static final Map<String, String> MOVED = Map.of(
            "#/definitions/", "#/components/schemas/",
            "#/responses/", "#/components/responses/",
            "#/parameters/", "#/components/parameters/");

    private final ObjectNode root;

    private SwaggerTwo(ObjectNode root) {
        this.root = root;
    }

    static void convert(ObjectNode root) {
        new SwaggerTwo(root).convert();
    }

    private void convert() {
        moveReferences(root);
        servers();
        ObjectNode components = root.putObject("components");
        move("definitions", components, "schemas");
        move("responses", components, "responses");
        move("parameters", components, "parameters");
        move("securityDefinitions", components, "securitySchemes");
        JsonNode consumes = root.path("consumes");
        JsonNode produces = root.path("produces");
        components.path("responses").forEach(response -> response(response, produces));
        components.path("parameters").forEach(SwaggerTwo::parameter);
        for (JsonNode path : root.path("paths")) {
            for (Map.Entry<String, JsonNode> member : path.properties()) {
                if (ApiOperations.METHODS.contains(member.getKey())
                        && member.getValue() instanceof ObjectNode operation) {
                    operation(operation, path, consumes, produces);
                }
            }
        }
    }

    private void servers() {
        String host = root.path("host").asText("");
        String base = root.path("basePath").asText("");
        if (host.isEmpty() && base.isEmpty()) {
            return;
        }
        ArrayNode servers = root.putArray(ApiServers.MEMBER);
        JsonNode schemes = root.path("schemes");
        if (host.isEmpty() || schemes.isEmpty()) {
            servers.addObject().put("url", (host.isEmpty() ? "" : "//" + host) + base);
        } else {
            schemes.forEach(scheme -> servers.addObject().put("url", scheme.asText("") + "://" + host + base));
        }
    }

    private void move(String from, ObjectNode components, String to) {
        JsonNode moved = root.remove(from);
        if (moved != null) {
            components.set(to, moved);
        }
    }

    private static void moveReferences(JsonNode node) {
        if (node instanceof ObjectNode object && object.path("$ref").isTextual()) {
            String reference = object.path("$ref").asText();
            MOVED.forEach((from, to) -> {
                if (reference.startsWith(from)) {
                    object.put("$ref", to + reference.substring(from.length()));
                }
            });
        }
        node.forEach(SwaggerTwo::moveReferences);
    }

    private void operation(ObjectNode operation, JsonNode path, JsonNode consumes, JsonNode produces) {
        JsonNode takes = operation.path("consumes").isArray() ? operation.path("consumes") : consumes;
        JsonNode gives = operation.path("produces").isArray() ? operation.path("produces") : produces;
        ArrayNode parameters = NODES.arrayNode();
        ObjectNode form = NODES.objectNode();
        for (JsonNode declared : new JsonNode[] {path.path("parameters"), operation.path("parameters")}) {
            for (JsonNode one : declared) {
                JsonNode parameter = local(one);
                String in = parameter.path("in").asText("");
                if (in.equals("body")) {
                    ObjectNode body = operation.putObject("requestBody");
                    body.put("required", parameter.path("required").asBoolean(false));
                    content(body, takes, parameter.path("schema"));
                } else if (in.equals("formData")) {
                    form.withObject("/properties").set(parameter.path("name").asText(""), schema(parameter));
                    if (parameter.path("required").asBoolean(false)) {
                        form.withArray("/required").add(parameter.path("name").asText(""));
                    }
                } else {
                    parameter(one);
                    parameters.add(one);
                }
            }
        }
        operation.set("parameters", parameters);
        if (!form.isEmpty()) {
            form.put("type", "object");
            ObjectNode body = operation.putObject("requestBody");
            body.put("required", form.has("required"));
            content(body, takes, form);
        }
        operation.path("responses").forEach(response -> response(response, gives));
    }

    private JsonNode local(JsonNode parameter) {
        String prefix = "#/components/parameters/";
        String reference = parameter.path("$ref").asText("");
        return reference.startsWith(prefix)
                ? root.path("components").path("parameters").path(reference.substring(prefix.length()))
                : parameter;
    }

    private static void parameter(JsonNode parameter) {
        if (parameter instanceof ObjectNode object && !object.has("$ref") && !object.has("schema")) {
            object.set("schema", schema(parameter));
        }
    }

    private static ObjectNode schema(JsonNode parameter) {
        ObjectNode schema = NODES.objectNode();
        parameter.properties().stream()
                .filter(entry -> !OF_PARAMETER.contains(entry.getKey()))
                .forEach(entry -> schema.set(entry.getKey(), entry.getValue()));
        return schema;
    }

    private static void response(JsonNode response, JsonNode produces) {
        if (response instanceof ObjectNode object && !object.has("content")) {
            if (object.has("schema")) {
                content(object, produces, object.remove("schema"));
            }
            object.path("headers").forEach(SwaggerTwo::parameter);
        }
    }

    private static void content(ObjectNode into, JsonNode types, JsonNode schema) {
        ObjectNode content = into.putObject("content");
        if (types.isEmpty()) {
            content.putObject("application/json").set("schema", schema);
        }
        types.forEach(type -> content.putObject(type.asText("")).set("schema", schema));
    }
}
