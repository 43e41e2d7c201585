package dev.countersign.evidence.infrastructure;

import java.util.Set;

/** One thing that is looked at. */
public interface Check {
    /** In words of our own, as the table {@code control-checks} names it. */
    String id();

    /** What is wrong where it fails. */
    String title();

    /** The kinds of resources that it looks at. */
    Set<String> kinds();

    /** Null where it says nothing of this one. */
    Verdict of(Resource resource, Resources all);

    /** Whether what it concludes depends on other resources of the file. */
    default boolean looksAround() {
        return false;
    }

    /** The properties that decide: what is spelt almost like one of them is refused. */
    default Set<String> decisive() {
        return Set.of();
    }
}
