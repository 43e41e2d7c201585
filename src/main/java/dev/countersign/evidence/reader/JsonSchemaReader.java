package dev.countersign.evidence.reader;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.evidence.Evidence.Finding;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.stereotype.Component;

/** A JSON schema, by the rules for the schemas of an API: once as what is taken, once as what is given. */
@Component
class JsonSchemaReader extends SchemaReader<ApiDescription> {
    private static final Set<String> ANY =
            Set.of("type", "properties", "$ref", "oneOf", "anyOf", "allOf", "enum", "items", "$defs");

    @Override
    public DocumentType type() {
        return DocumentType.JSON_SCHEMA;
    }

    @Override
    ApiDescription parse(Content content) throws IOException, Unreadable {
        JsonNode[] tree = new JsonNode[1];
        Places places = new Places();
        JsonCursor.Root reading = json -> {
            if (tree[0] != null || !json.isObject()) {
                throw json.fault("not a JSON schema: the document must be one object");
            }
            tree[0] = json.tree("the schema", places);
        };
        if (Detection.firstCharacter(content) == '{') {
            JsonCursor.value(content, reading);
        } else {
            JsonCursor.yaml(content, reading);
        }
        boolean says = tree[0].path("$schema").asText("").contains("json-schema.org");
        if (!says && ANY.stream().noneMatch(tree[0]::has) || tree[0].has("openapi")) {
            throw new Unreadable("not a JSON schema: it has neither $schema nor a type", "line 1, column 1");
        }
        return ApiDescription.ofSchema(tree[0], places);
    }

    @Override
    String name(ApiDescription schema) {
        return schema.root().path("title").asText(schema.root().path("$id").asText(""));
    }

    @Override
    Comparison compare(ApiDescription before, ApiDescription after, List<String> counts) throws Unreadable {
        Map<String, Finding> breaking = new LinkedHashMap<>();
        for (boolean taken : new boolean[] {true, false}) {
            new ApiSchemaRules(new ApiSchemas(before), new ApiSchemas(after))
                    .compare(before.root(), after.root(), taken, (id, where) -> {
                        String rule = id.replaceFirst("^request", "taken").replaceFirst("^response", "given");
                        String at = where.isEmpty() ? "#" : where;
                        breaking.putIfAbsent(
                                rule + "@" + at,
                                new Finding(
                                        Words.of(rule + "@" + at),
                                        "breaking",
                                        Words.of(rule + " at " + at),
                                        after.schemaPlace(where),
                                        counts,
                                        rule,
                                        Words.of(at),
                                        null,
                                        null));
                    });
        }
        Set<String> elsewhere = new TreeSet<>(before.elsewhere());
        elsewhere.addAll(after.elsewhere());
        String gap = elsewhere.isEmpty()
                ? null
                : "it refers to other documents, which are not fetched ("
                        + String.join(", ", elsewhere.stream().limit(3).toList()) + ")";
        return new Comparison(List.copyOf(breaking.values()), !before.root().equals(after.root()), gap);
    }
}
