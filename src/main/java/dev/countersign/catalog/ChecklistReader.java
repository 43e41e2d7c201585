package dev.countersign.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.catalog.Catalog.Problem;
import dev.countersign.catalog.Declaration.Read;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Checklists from YAML, held to the published schema {@value #SCHEMA}. */
final class ChecklistReader {
    static final String SCHEMA = "/processes/checklists/checklist.schema.json";
    private static final PublishedSchema RULES = PublishedSchema.of(SCHEMA, "A checklist file holds one checklist");

    private ChecklistReader() {}

    static Read<Checklist> read(SourceFile file) {
        return RULES.read(file, ChecklistReader::problems, document -> checklist(document, file.digest()));
    }

    private static List<Problem> problems(YamlDocument document) {
        List<Problem> problems = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < document.content().at("/items").size(); i++) {
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
}
