package dev.countersign.workflow;

import java.util.Set;
import java.util.function.Function;

/**
 * A user task that waits.
 *
 * @param releaseKey the business key of its process instance
 * @param assignee the one person who may complete it; null where its groups may
 * @param candidateGroups groups that may complete it
 * @param candidateUsers persons who may complete it
 * @param variables the variables visible from the task, by name
 */
public record OpenTask(
        String taskId,
        String taskKey,
        String processKey,
        String processInstanceId,
        String releaseKey,
        String name,
        String assignee,
        Set<String> candidateGroups,
        Set<String> candidateUsers,
        Function<String, Object> variables) {

    /** A variable of the model as text, for example the multi-instance element {@code seat}; null where there is none. */
    public String text(String variable) {
        Object value = variables.apply(variable);
        return value == null ? null : value.toString();
    }
}
