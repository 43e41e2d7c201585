package dev.countersign.workflow;

import java.util.List;
import java.util.Map;

/** Asks a decision table in the version that a release began with. */
public interface Decisions {
    /**
     * @param policy the deployment that holds the release's models: {@code Release.policy()}
     * @param decision the table's id, for example {@code required-gates}
     */
    Answered ask(String policy, String decision, Map<String, Object> facts);

    /** Whether the policy has the table: a release goes on under the tables that it began with, and knows no later ones. */
    default boolean knows(String policy, String decision) {
        return true;
    }

    /**
     * @param version what to record as rule version, for example {@code required-gates 1.2}
     * @param rows the matched rules' outputs, in the table's order
     */
    record Answered(String decision, String version, List<Map<String, Object>> rows) {
        public Map<String, Object> single() {
            if (rows.size() != 1) {
                throw new IllegalStateException(
                        "Decision " + version + " must answer with exactly one row, but answered with " + rows.size());
            }
            return rows.get(0);
        }
    }
}
