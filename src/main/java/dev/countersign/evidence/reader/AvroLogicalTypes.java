package dev.countersign.evidence.reader;

import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import org.apache.avro.Schema;

/** Avro resolves the types below logical ones only: a time in other units, or a decimal with another scale, is read without a fault and as another value. */
final class AvroLogicalTypes {
    private final BiConsumer<String, String> changed;
    private final Map<Schema, Set<Integer>> met = new IdentityHashMap<>();

    /** @param changed told where, and from what to what */
    AvroLogicalTypes(BiConsumer<String, String> changed) {
        this.changed = changed;
    }

    void compare(Schema old, Schema now, String at) {
        if (!met.computeIfAbsent(old, schema -> new HashSet<>()).add(System.identityHashCode(now))) {
            return;
        }
        if (old.getType() == Schema.Type.UNION || now.getType() == Schema.Type.UNION) {
            union(old, now, at);
            return;
        }
        String was = words(old);
        String is = words(now);
        if (!was.equals(is)) {
            changed.accept(at.isEmpty() ? "/" : at, was + " to " + is);
        }
        if (old.getType() != now.getType()) {
            // Avro's own rules speak of that.
            return;
        }
        switch (old.getType()) {
            case RECORD ->
                old.getFields().forEach(field -> {
                    Schema.Field same = same(now, field);
                    if (same != null) {
                        compare(field.schema(), same.schema(), at + "/fields/" + field.pos() + "/type");
                    }
                });
            case ARRAY -> compare(old.getElementType(), now.getElementType(), at + "/items");
            case MAP -> compare(old.getValueType(), now.getValueType(), at + "/values");
            default -> {}
        }
    }

    /** Each branch of one with that of the other that has its name. */
    private void union(Schema old, Schema now, String at) {
        int index = 0;
        for (Schema branch : old.isUnion() ? old.getTypes() : java.util.List.of(old)) {
            String place = old.isUnion() ? at + "/" + index++ : at;
            (now.isUnion() ? now.getTypes() : java.util.List.of(now))
                    .stream()
                            .filter(other -> other.getFullName().equals(branch.getFullName()))
                            .findFirst()
                            .ifPresent(other -> compare(branch, other, place));
        }
    }

    private static Schema.Field same(Schema record, Schema.Field field) {
        Schema.Field byName = record.getField(field.name());
        return byName != null
                ? byName
                : record.getFields().stream()
                        .filter(other -> other.aliases().contains(field.name())
                                || field.aliases().contains(other.name()))
                        .findFirst()
                        .orElse(null);
    }

    private static String words(Schema schema) {
        String logical = Objects.toString(schema.getProp("logicalType"), "");
        return logical.equals("decimal")
                // Precision only bounds it; the scale says what the number means.
                ? "decimal of scale " + Objects.toString(schema.getObjectProp("scale"), "0")
                : logical.isEmpty() ? "no logical type" : logical;
    }
}
