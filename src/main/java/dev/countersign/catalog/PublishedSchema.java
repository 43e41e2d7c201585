package dev.countersign.catalog;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.countersign.catalog.Catalog.Problem;
import dev.countersign.catalog.Declaration.Read;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** A published schema that a file of one document is held to, each fault with its place. */
final class PublishedSchema {
    private final Schema rules;
    private final String oneDocument;

    private PublishedSchema(Schema rules, String oneDocument) {
        this.rules = rules;
        this.oneDocument = oneDocument;
    }

    /** @param oneDocument what one file describes, as a sentence that goes on with how many this one has */
    static PublishedSchema of(String resource, String oneDocument) {
        try (InputStream schema = PublishedSchema.class.getResourceAsStream(resource)) {
            return new PublishedSchema(
                    SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                            .getSchema(schema, InputFormat.JSON),
                    oneDocument);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * What a file says; empty with its faults where it breaks a rule.
     *
     * @param faults that the schema cannot see, of a document that keeps to the schema
     */
    <T> Read<T> read(SourceFile file, Function<YamlDocument, List<Problem>> faults, Function<YamlDocument, T> said) {
        List<Problem> problems = new ArrayList<>();
        Optional<YamlDocument> document = read(file, problems);
        document.map(faults).ifPresent(problems::addAll);
        return new Read<>(problems.isEmpty() ? document.map(said) : Optional.empty(), List.copyOf(problems));
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
            problems.add(new Problem(file.name(), null, null, oneDocument + ", this one " + documents.size()));
            return Optional.empty();
        }
        YamlDocument document = documents.get(0);
        List<Problem> faults = faults(document);
        problems.addAll(faults);
        return faults.isEmpty() ? Optional.of(document) : Optional.empty();
    }

    /** Each rule that a document breaks, with its place. */
    List<Problem> faults(YamlDocument document) {
        List<Problem> faults = new ArrayList<>();
        for (Error error : rules.validate(document.content())) {
            String pointer = error.getInstanceLocation().toString();
            faults.add(
                    document.problem(pointer, (pointer.isEmpty() ? "the file" : pointer) + ": " + error.getMessage()));
        }
        return faults;
    }
}
