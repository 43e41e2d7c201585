package dev.countersign.observe.spans;

import java.util.List;
import java.util.function.UnaryOperator;

/**
 * How what a span says is understood.
 *
 * @param versionTags what carries the version of its service: the digest, an image that ends in it, or the version number; the first that is there counts
 * @param names of services, as the catalog has them
 */
public record SpanWords(List<String> versionTags, UnaryOperator<String> names) {
    public SpanWords {
        versionTags = List.copyOf(versionTags);
    }

    String name(String said) {
        return said.isEmpty() ? "" : names.apply(said);
    }

    /** @param tag what the span says under a name; empty where it says nothing */
    String version(UnaryOperator<String> tag) {
        for (String name : versionTags) {
            String version = tag.apply(name);
            if (!version.isEmpty()) {
                return version.substring(version.lastIndexOf('@') + 1);
            }
        }
        return null;
    }
}
