package dev.countersign.observe.correlation;

import dev.countersign.observe.correlation.CallGraph.Relation;
import java.util.List;

/**
 * Something that goes wrong since a moment.
 *
 * @param source what measured it
 * @param path of calls between the released service and this one; empty where there is none
 */
public record Anomaly(
        String service, Signal.Kind kind, String source, Relation relation, List<String> path, Onset onset) {
    public Anomaly {
        path = List.copyOf(path);
    }
}
