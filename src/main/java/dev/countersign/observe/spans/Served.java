package dev.countersign.observe.spans;

import dev.countersign.catalog.Catalog;
import dev.countersign.catalog.Service;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * Of which services a source has something.
 *
 * @param targets those whose catalog target is one of these
 */
public record Served(Catalog catalog, List<String> targets) {
    public Served {
        targets = List.copyOf(targets);
    }

    public boolean has(String service) {
        return catalog.service(service)
                .map(known -> targets.contains(known.target()))
                .orElse(false);
    }

    /** Zipkin writes names in small letters, others as they are told; the catalog as its files do. */
    public UnaryOperator<String> names() {
        Map<String, String> known = new TreeMap<>();
        for (Service service : catalog.services()) {
            known.put(service.name().toLowerCase(Locale.ROOT), service.name());
        }
        return name -> known.getOrDefault(name.toLowerCase(Locale.ROOT), name);
    }
}
