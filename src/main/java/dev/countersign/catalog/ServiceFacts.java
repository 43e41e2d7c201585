package dev.countersign.catalog;

import java.util.Map;

/**
 * What a module above knows of a service, shown beside the catalog's facts by {@code GET /api/services/{name}}: SLO state and error
 * budget, rollback frequency, incidents. Every bean's members are added at the top level, so each bean names its own.
 */
public interface ServiceFacts {
    /** Members that are writable as JSON; empty where nothing is known. */
    Map<String, Object> of(String service);
}
