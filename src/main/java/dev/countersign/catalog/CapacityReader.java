package dev.countersign.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.catalog.Capacity.Amount;
import dev.countersign.catalog.Capacity.Resource;
import dev.countersign.catalog.Capacity.Use;
import dev.countersign.catalog.Catalog.Problem;
import dev.countersign.catalog.Declaration.Read;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The capacity of a service from YAML, held to the published schema {@value #SCHEMA}. */
final class CapacityReader {
    static final String SCHEMA = "/processes/capacity/capacity.schema.json";
    private static final PublishedSchema RULES = PublishedSchema.of(SCHEMA, "A file of capacity describes one service");

    private CapacityReader() {}

    static Read<Capacity> read(SourceFile file) {
        return RULES.read(file, CapacityReader::problems, document -> capacity(document, file.digest()));
    }

    private static List<Problem> problems(YamlDocument document) {
        List<Problem> problems = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (int i = 0; i < document.content().path("resources").size(); i++) {
            String at = "/resources/" + i + "/name";
            if (!names.add(document.text(at))) {
                problems.add(document.problem(at, "The resource `" + document.text(at) + "` is given twice"));
            }
        }
        return problems;
    }

    private static Capacity capacity(YamlDocument document, String digest) {
        List<Resource> resources = new ArrayList<>();
        for (int i = 0; i < document.content().path("resources").size(); i++) {
            String at = "/resources/" + i;
            String use = document.has(at + "/use") ? document.text(at + "/use") : Use.PER_REPLICA.id();
            resources.add(new Resource(
                    document.text(at + "/name"),
                    Use.valueOf(use.toUpperCase(Locale.ROOT).replace('-', '_')),
                    document.text(at + "/utilisation")));
        }
        return new Capacity(
                document.text("/capacity"),
                document.text("/service"),
                digest,
                amount(document, "/replicas/stable"),
                amount(document, "/replicas/candidate"),
                List.copyOf(resources));
    }

    private static Amount amount(YamlDocument document, String at) {
        JsonNode amount = document.content().at(at);
        return amount.isIntegralNumber() ? new Amount(amount.intValue(), null) : new Amount(null, document.text(at));
    }
}
