package dev.countersign.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.countersign.catalog.Catalog.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Checklists from YAML, held to the published schema {@value #SCHEMA}. */
final class ChecklistReader {
    static final String SCHEMA = "/processes/checklists/checklist.schema.json";
    private static final Schema RULES = schema();

    private ChecklistReader() {}

    /** What a file says; empty with the reasons where it breaks the schema. */
    record Read(Optional<Checklist> checklist, List<Problem> problems) {}

    static Read read(SourceFile file) {
        List<YamlDocument> documents;
        try {
            documents = YamlReader.read(file);
        } catch (BrokenFile e) {
            return new Read(Optional.empty(), List.of(e.problem()));
        }
        if (documents.size() != 1) {
            String message = "A checklist file holds one checklist, this one " + documents.size();
            return new Read(Optional.empty(), List.of(new Problem(file.name(), null, null, message)));
        }
        YamlDocument document = documents.get(0);
        List<Problem> problems = problems(document);
        return problems.isEmpty()
                ? new Read(Optional.of(checklist(document, file.digest())), List.of())
                : new Read(Optional.empty(), problems);
    }

    private static List<Problem> problems(YamlDocument document) {
        List<Problem> problems = new ArrayList<>();
        for (Error error : RULES.validate(document.content())) {
            String pointer = error.getInstanceLocation().toString();
            problems.add(document.problem(
                    pointer, (pointer.isEmpty() ? "the checklist" : pointer) + ": " + error.getMessage()));
        }
        Set<String> ids = new HashSet<>();
        for (int i = 0;
                problems.isEmpty() && i < document.content().at("/items").size();
                i++) {
            String id = document.text("/items/" + i + "/id");
            if (!ids.add(id)) {
                problems.add(document.problem("/items/" + i + "/id", "Two items have the id `" + id + "`"));
            }
        }
        return problems;
    }

    private static Checklist checklist(YamlDocument document, String digest) {
        List<Checklist.Item> items = new ArrayList<>();
        for (JsonNode item : document.content().at("/items")) {
            items.add(new Checklist.Item(
                    item.get("id").asText(),
                    item.get("text").asText().strip(),
                    item.get("role").asText(),
                    item.path("evidence").asBoolean(false)));
        }
        return new Checklist(
                document.text("/checklist"),
                document.text("/title"),
                digest,
                List.copyOf(items),
                document.texts("/appliesTo/tiers"),
                document.texts("/appliesTo/services"),
                document.texts("/appliesTo/environments"));
    }

    private static Schema schema() {
        try (InputStream schema = ChecklistReader.class.getResourceAsStream(SCHEMA)) {
            return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                    .getSchema(schema, InputFormat.JSON);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
