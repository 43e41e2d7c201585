package dev.countersign.evidence.reader;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A document in a format of ours, YAML or JSON, held to its published schema {@code schemas/<type>.schema.json}. */
record Declared(JsonNode root, Places places) {
    private static final Map<DocumentType, Schema> SCHEMAS = new ConcurrentHashMap<>();

    static Declared read(Content content, DocumentType type) throws IOException, Unreadable {
        JsonNode[] root = new JsonNode[1];
        Places places = new Places();
        JsonCursor.Root reading = json -> {
            if (root[0] != null) {
                throw json.fault("one document is read, here begins another");
            }
            if (!json.isObject()) {
                throw json.fault("not " + type.words() + ": the document must be an object");
            }
            root[0] = json.tree("the document", places);
        };
        if (Detection.firstCharacter(content) == '{') {
            JsonCursor.value(content, reading);
        } else {
            JsonCursor.yaml(content, reading);
        }
        List<Error> errors = SCHEMAS.computeIfAbsent(type, Declared::schema).validate(root[0]);
        if (!errors.isEmpty()) {
            Error first = errors.stream()
                    .min(Comparator.comparing(
                            error -> error.getInstanceLocation().toString()))
                    .orElseThrow();
            String pointer = first.getInstanceLocation().toString();
            throw new Unreadable(
                    "not " + type.words() + ": " + Words.of(first.getMessage()),
                    pointer.isEmpty() ? "line 1, column 1" : Words.of(pointer));
        }
        return new Declared(root[0], places);
    }

    private static Schema schema(DocumentType type) {
        try (InputStream schema = Declared.class.getResourceAsStream("/schemas/" + type.id() + ".schema.json")) {
            return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                    .getSchema(schema, InputFormat.JSON);
        } catch (IOException missing) {
            throw new java.io.UncheckedIOException(missing);
        }
    }

    /** The line of a value, and its pointer. */
    String place(String pointer) {
        return places.of(pointer);
    }

    String text(String name) {
        return Words.of(root.path(name).asText(""));
    }

    long count(String name) {
        return root.path(name).asLong(0);
    }

    /** A day of the calendar; null where none is given. */
    LocalDate date(String name) throws Unreadable {
        if (!root.has(name)) {
            return null;
        }
        try {
            return LocalDate.parse(root.path(name).asText());
        } catch (DateTimeParseException unknown) {
            throw new Unreadable("there is no such day: " + text(name), "/" + name);
        }
    }

    Stated stated() {
        Stated stated = Stated.nothing();
        JsonNode subject = root.path("subject");
        stated.commit(subject.path("commit").asText(""));
        stated.digest(subject.path("digest").asText(""));
        stated.version(
                subject.path("service").asText(""), subject.path("version").asText(""));
        return stated;
    }
}
