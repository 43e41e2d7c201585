package dev.countersign.learning.delivery;

import java.util.Map;
import java.util.Set;

/**
 * Whose deployments are looked at.
 *
 * @param only services by name; null for all
 * @param without services by name that do not count: those of the sandbox, where production is asked for
 */
record Scope(Set<String> only, Set<String> without) {
    Scope {
        only = only == null ? null : Set.copyOf(only);
        without = Set.copyOf(without);
    }

    boolean holds(String service) {
        if (service == null) {
            return only == null;
        }
        return (only == null || only.contains(service)) && !without.contains(service);
    }

    boolean isEmpty() {
        return only != null && only.stream().allMatch(without::contains);
    }

    /** Fixed words and named parameters only. */
    String sql(Map<String, Object> values) {
        String sql = "";
        if (only != null) {
            sql += " and o.service in (:only)";
            values.put("only", only);
        }
        if (!without.isEmpty()) {
            sql += " and o.service not in (:without)";
            values.put("without", without);
        }
        return sql;
    }
}
