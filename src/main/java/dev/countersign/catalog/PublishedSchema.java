package dev.countersign.catalog;

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
import java.util.List;
import java.util.Optional;

/** A published schema that a file of one document is held to, each fault with its place. */
final class PublishedSchema {
    private final Schema rules;

    private PublishedSchema(Schema rules) {
        this.rules = rules;
    }

    static PublishedSchema of(String resource) {
        try (InputStream schema = PublishedSchema.class.getResourceAsStream(resource)) {
            return new PublishedSchema(SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                    .getSchema(schema, InputFormat.JSON));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The document, where the file is YAML, has exactly one and breaks no rule; else its faults are in the list. */
    Optional<YamlDocument> read(SourceFile file, List<Problem> problems) {
        List<YamlDocument> documents;
        try {
            documents = YamlReader.read(file);
        } catch (BrokenFile e) {
            problems.add(e.problem());
            return Optional.empty();
        }
        if (documents.size() != 1) {
            String message = "Such a file has one document, this one " + documents.size();
            problems.add(new Problem(file.name(), null, null, message));
            return Optional.empty();
        }
        YamlDocument document = documents.get(0);
        List<Problem> faults = new ArrayList<>();
        for (Error error : rules.validate(document.content())) {
            String pointer = error.getInstanceLocation().toString();
            faults.add(
                    document.problem(pointer, (pointer.isEmpty() ? "the file" : pointer) + ": " + error.getMessage()));
        }
        problems.addAll(faults);
        return faults.isEmpty() ? Optional.of(document) : Optional.empty();
    }
}
