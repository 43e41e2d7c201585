package dev.countersign.catalog;

import java.util.List;

/**
 * A release checklist from a YAML file; the digest is over the exact bytes.
 *
 * @param tiers the tiers it applies to
 * @param services the services it applies to before any checklist of their tier
 * @param environments the environments it applies to; empty for all
 */
public record Checklist(
        String name,
        String title,
        String digest,
        List<Item> items,
        List<String> tiers,
        List<String> services,
        List<String> environments) {

    public Checklist(String name, String title, String digest, List<Item> items) {
        this(name, title, digest, items, List.of(), List.of(), List.of());
    }

    /** @param role whose person ticks it; @param evidence whether ticking needs a link or document digest */
    public record Item(String id, String text, String role, boolean evidence) {}
}
