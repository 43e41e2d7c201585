package dev.countersign.workflow;

import java.util.function.Predicate;
import org.camunda.bpm.engine.TaskService;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.task.IdentityLinkType;
import org.camunda.bpm.engine.task.Task;

/** Escalates a waiting task of the same process instance. It may be repeated: only what is new is changed. */
public final class TaskUrgency {
    private final TaskService tasks;
    private final String processInstance;

    private TaskUrgency(TaskService tasks, String processInstance) {
        this.tasks = tasks;
        this.processInstance = processInstance;
    }

    public static TaskUrgency in(DelegateExecution execution) {
        return new TaskUrgency(execution.getProcessEngineServices().getTaskService(), execution.getProcessInstanceId());
    }

    /**
     * @param which the variables visible from the task decide, for example which multi-instance element it is about
     * @param alsoFor groups that may complete it from now on; where one is new, a person who had claimed it gives it back
     */
    public void raise(String taskKey, Predicate<OpenVariables> which, int priority, String... alsoFor) {
        tasks.createTaskQuery().processInstanceId(processInstance).taskDefinitionKey(taskKey).list().stream()
                .filter(task -> which.test(name -> tasks.getVariable(task.getId(), name)))
                .forEach(task -> raise(task, priority, alsoFor));
    }

    /** Whether one of the open tasks was given to persons, beside groups. */
    public boolean isForPersons(String taskKey) {
        return tasks.createTaskQuery().processInstanceId(processInstance).taskDefinitionKey(taskKey).list().stream()
                .flatMap(task -> tasks.getIdentityLinksForTask(task.getId()).stream())
                .anyMatch(link -> IdentityLinkType.CANDIDATE.equals(link.getType()) && link.getUserId() != null);
    }

    private boolean isNew(Task task, String group) {
        return tasks.getIdentityLinksForTask(task.getId()).stream().noneMatch(link -> group.equals(link.getGroupId()));
    }

    private void raise(Task task, int priority, String... alsoFor) {
        if (task.getPriority() != priority) {
            tasks.setPriority(task.getId(), priority);
        }
        for (String group : alsoFor) {
            if (isNew(task, group)) {
                tasks.setAssignee(task.getId(), null);
                tasks.addCandidateGroup(task.getId(), group);
            }
        }
    }

    /** The variables of a task. */
    @FunctionalInterface
    public interface OpenVariables {
        Object get(String name);
    }
}
