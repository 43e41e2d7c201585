package dev.countersign.evidence.reader;

import dev.countersign.evidence.Evidence.Finding;
import dev.countersign.evidence.reader.Base.Earlier;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A schema of data, compared with the one before it in both directions: old readers must take new data, and new readers old data. */
abstract class SchemaReader<T> implements DocumentReader {
    /** @param breaking each with the same counts; @param gap why the comparison does not say everything; null where it does */
    record Comparison(List<Finding> breaking, boolean isDifferent, String gap) {}

    abstract T parse(Content content) throws IOException, Unreadable;

    abstract String name(T schema);

    abstract Comparison compare(T before, T after, List<String> counts) throws Unreadable;

    @Override
    public Reading read(Content content) throws IOException, Unreadable {
        return reading(parse(content), new LinkedHashMap<>(), new LinkedHashMap<>(), null, List.of());
    }

    @Override
    public Reading read(Content content, Base base) throws IOException, Unreadable {
        T after = parse(content);
        Earlier earlier = base.of(producer(after));
        if (earlier == null) {
            return nothing(
                    after,
                    "there is no schema to compare it with: neither the service's last stable release has one, nor was one"
                            + " sent before it with source=base");
        }
        T before;
        try {
            before = parse(earlier.content());
        } catch (Unreadable fault) {
            return nothing(after, "the schema of " + earlier.name() + " cannot be read: " + fault.getMessage());
        }
        boolean newMajor = Boolean.TRUE.equals(earlier.newMajor());
        Comparison compared =
                compare(before, after, newMajor ? List.of("breaking") : List.of("breaking", "breakingWithinMajor"));
        long breaking = compared.breaking().size();
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("breaking", breaking);
        summary.put("nonBreaking", breaking == 0 && compared.isDifferent() ? 1L : 0L);
        summary.put("breakingWithinMajor", newMajor ? 0L : breaking);
        Map<String, Object> details = new LinkedHashMap<>();
        earlier.describe(details);
        details.put("newMajor", newMajor);
        return reading(after, summary, details, compared.gap(), compared.breaking());
    }

    private Reading nothing(T schema, String gap) {
        return reading(schema, new LinkedHashMap<>(), new LinkedHashMap<>(), gap, List.of());
    }

    private Reading reading(
            T schema, Map<String, Object> summary, Map<String, Object> details, String gap, List<Finding> findings) {
        summary.put("schemas", 1L);
        return new Reading(
                producer(schema),
                Stated.nothing(),
                summary,
                details,
                true,
                gap,
                new ArrayList<>(findings).stream().limit(Reading.MOST_FINDINGS).toList());
    }

    private String producer(T schema) {
        String name = Words.of(name(schema));
        return name.isEmpty() ? type().id() : type().id() + " " + name;
    }
}
