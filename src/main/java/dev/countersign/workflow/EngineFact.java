package dev.countersign.workflow;

import java.util.Map;

/**
 * Something the engine wrote into its history, in the platform's words.
 *
 * @param type for example {@code activity.end}, {@code task-instance.complete}
 * @param processInstance the instance it happened in; null for facts beyond one
 * @param content ids, times, outcomes; no free text
 */
public record EngineFact(String type, String processInstance, Map<String, Object> content) {

    /** Hears every fact, in the transaction that makes it. */
    public interface Listener {
        void on(EngineFact fact);
    }
}
