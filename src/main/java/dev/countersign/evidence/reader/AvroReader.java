package dev.countersign.evidence.reader;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.evidence.Evidence.Finding;
import dev.countersign.evidence.Position;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.springframework.stereotype.Component;

/** An Avro schema, by Avro's own rules of resolution. */
@Component
class AvroReader extends SchemaReader<AvroReader.Placed> {
    /** A schema, and where its parts stand in the document. */
    record Placed(Schema schema, Places places) {}

    @Override
    public DocumentType type() {
        return DocumentType.AVRO;
    }

    @Override
    Placed parse(Content content) throws IOException, Unreadable {
        // Bounded first: Avro's parser takes any depth and any length.
        JsonNode[] tree = new JsonNode[1];
        Places places = new Places();
        JsonCursor.value(content, json -> tree[0] = json.tree("the schema", places));
        if (!tree[0].isObject() && !tree[0].isArray()) {
            throw new Unreadable("not an Avro schema: the document must be an object or a union", "line 1, column 1");
        }
        try {
            return new Placed(new Schema.Parser().parse(tree[0].toString()), places);
        } catch (RuntimeException fault) {
            // Of its own kind, or whatever else its parser falls over: a name that is defined nowhere is a null pointer
            // in it.
            throw new Unreadable("not an Avro schema: " + Words.of(fault.getMessage()), "line 1, column 1");
        }
    }

    @Override
    String name(Placed placed) {
        Schema schema = placed.schema();
        return schema.getType() == Schema.Type.RECORD
                ? schema.getFullName()
                : schema.getType().getName();
    }

    @Override
    Comparison compare(Placed before, Placed after, List<String> counts) throws Unreadable {
        List<Finding> breaking = new ArrayList<>();
        check(before, after, "old readers cannot take new data: ", "forward", counts, breaking);
        check(after, before, "new readers cannot take old data: ", "backward", counts, breaking);
        new AvroLogicalTypes((at, words) -> breaking.add(new Finding(
                        "both:logical_type_changed@" + Words.of(at),
                        "breaking",
                        Words.of("the same bytes mean something else: from " + words),
                        after.places().of(at),
                        counts,
                        "both:logical_type_changed",
                        Words.of(at),
                        null,
                        null)))
                .compare(before.schema(), after.schema(), "");
        return new Comparison(breaking, !before.schema().equals(after.schema()), null);
    }

    private static void check(
            Placed reader, Placed writer, String words, String direction, List<String> counts, List<Finding> breaking)
            throws Unreadable {
        try {
            for (SchemaCompatibility.Incompatibility fault : SchemaCompatibility.checkReaderWriterCompatibility(
                            reader.schema(), writer.schema())
                    .getResult()
                    .getIncompatibilities()) {
                String rule = direction + ":" + fault.getType().name().toLowerCase(java.util.Locale.ROOT);
                String at = Words.of(fault.getLocation());
                breaking.add(new Finding(
                        rule + "@" + at,
                        "breaking",
                        Words.of(words + fault.getMessage()),
                        (direction.equals("forward") ? Position.BEFORE : "")
                                + reader.places().of(at),
                        counts,
                        rule,
                        at,
                        null,
                        null));
            }
        } catch (RuntimeException fault) {
            throw new Unreadable("the schemas cannot be compared: " + Words.of(fault.getMessage()), "line 1, column 1");
        }
    }
}
