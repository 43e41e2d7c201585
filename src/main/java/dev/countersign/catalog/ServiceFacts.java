package dev.countersign.catalog;

import java.util.Collection;
import java.util.Map;

/**
 * What a module above knows of a service, shown beside the catalog's facts by {@code GET /api/services/{name}}: SLO state and error
 * budget, rollback frequency, incidents. Every bean's members are added at the top level, so each bean names its own.
 */
public interface ServiceFacts {
    /** Members that are writable as JSON; empty where nothing is known. */
    Map<String, Object> of(String service);

    /**
     * What of it stands in the list {@code GET /api/services}, by service. A fixed number of statements for however many services.
     */
    default Map<String, Map<String, Object>> inShort(Collection<String> services) {
        return Map.of();
    }
}
