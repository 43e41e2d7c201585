package dev.countersign.catalog;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A Backstage entity reference, {@code [kind:][namespace/]name}. References are compared without regard to case, as Backstage does
 * (backstage.io/docs/features/software-catalog/references).
 */
record EntityRef(String kind, String namespace, String name) {
    static final String DEFAULT_NAMESPACE = "default";
    private static final Pattern SHAPE = Pattern.compile("(?:([^:/\\s]++):|)(?:([^:/\\s]++)/|)([^:/\\s]++)");

    EntityRef {
        kind = kind.toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException when the text has another shape, or lacks the kind where there is no default */
    static EntityRef parse(String text, String defaultKind, String defaultNamespace) {
        Matcher matcher = SHAPE.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException("`" + text + "` is no entity reference; write `kind:namespace/name`");
        }
        String kind = matcher.group(1) == null ? defaultKind : matcher.group(1);
        String namespace = matcher.group(2) == null ? defaultNamespace : matcher.group(2);
        return new EntityRef(kind, namespace, matcher.group(3));
    }

    /** For comparison only. */
    String id() {
        return toString().toLowerCase(Locale.ROOT);
    }

    /** The name by which the rest of the platform knows it. */
    String shortName() {
        return namespace.equalsIgnoreCase(DEFAULT_NAMESPACE) ? name : namespace + "." + name;
    }

    @Override
    public String toString() {
        return kind + ":" + namespace + "/" + name;
    }
}
