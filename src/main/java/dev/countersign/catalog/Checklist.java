package dev.countersign.catalog;

import java.util.List;

/** A release checklist from a YAML file; the digest is over the exact bytes. */
public record Checklist(String name, String title, String digest, List<Item> items) {
    /** @param role whose person ticks it; @param evidence whether ticking needs a link or document digest */
    public record Item(String id, String text, String role, boolean evidence) {}
}
