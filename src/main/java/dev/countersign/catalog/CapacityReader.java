package dev.countersign.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.countersign.catalog.Capacity.Amount;
import dev.countersign.catalog.Capacity.Resource;
import dev.countersign.catalog.Capacity.Use;
import dev.countersign.catalog.Catalog.Problem;
import dev.countersign.catalog.Declaration.Read;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The capacity of a service from YAML, held to the published schema {@value #SCHEMA}. */
final class CapacityReader {
    static final String SCHEMA = "/processes/capacity/capacity.schema.json";
    private static final Schema RULES = schema();

    private CapacityReader() {}

    static Read<Capacity> read(SourceFile file) {
        List<YamlDocument> documents;
        try {
            documents = YamlReader.read(file);
        } catch (BrokenFile e) {
            return new Read<>(Optional.empty(), List.of(e.problem()));
        }
        if (documents.size() != 1) {
            String message = "A file of capacity describes one service, this one " + documents.size();
            return new Read<>(Optional.empty(), List.of(new Problem(file.name(), null, null, message)));
        }
        YamlDocument document = documents.get(0);
        List<Problem> problems = problems(document);
        return problems.isEmpty()
                ? new Read<>(Optional.of(capacity(document, file.digest())), List.of())
                : new Read<>(Optional.empty(), problems);
    }

    private static List<Problem> problems(YamlDocument document) {
        List<Problem> problems = new ArrayList<>();
        for (Error error : RULES.validate(document.content())) {
            String pointer = error.getInstanceLocation().toString();
            problems.add(
                    document.problem(pointer, (pointer.isEmpty() ? "the file" : pointer) + ": " + error.getMessage()));
        }
        Set<String> names = new HashSet<>();
        int count = problems.isEmpty() ? document.content().path("resources").size() : 0;
        for (int i = 0; i < count; i++) {
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

    private static Schema schema() {
        try (InputStream schema = CapacityReader.class.getResourceAsStream(SCHEMA)) {
            return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                    .getSchema(schema, InputFormat.JSON);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
