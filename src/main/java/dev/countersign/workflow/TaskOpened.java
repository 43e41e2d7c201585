package dev.countersign.workflow;

import java.util.HashSet;
import java.util.Set;
import org.camunda.bpm.engine.delegate.DelegateTask;
import org.camunda.bpm.engine.task.IdentityLink;

/**
 * A task waits for people. In memory, in the engine's transaction.
 *
 * @param groups whose members may complete it
 * @param people who may complete it, its assignee among them
 */
public record TaskOpened(String releaseKey, String taskKey, Set<String> groups, Set<String> people) {
    public TaskOpened {
        groups = Set.copyOf(groups);
        people = Set.copyOf(people);
    }

    static TaskOpened of(String releaseKey, DelegateTask task) {
        Set<String> groups = new HashSet<>();
        Set<String> people = new HashSet<>();
        for (IdentityLink candidate : task.getCandidates()) {
            if (candidate.getGroupId() != null) {
                groups.add(candidate.getGroupId());
            }
            if (candidate.getUserId() != null) {
                people.add(candidate.getUserId());
            }
        }
        if (task.getAssignee() != null) {
            people.add(task.getAssignee());
        }
        return new TaskOpened(releaseKey, task.getTaskDefinitionKey(), groups, people);
    }
}
