package dev.countersign.incident;

import java.util.function.Predicate;
import org.camunda.bpm.engine.TaskService;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.task.Task;

/** Makes a waiting task of the same process instance more urgent. */
final class TaskUrgency {
    private TaskUrgency() {}

    /** @param alsoFor a further group that may complete it from now on, also where one person had it; null for none */
    static void raise(
            DelegateExecution execution, String taskKey, Predicate<Task> which, int priority, String alsoFor) {
        TaskService tasks = execution.getProcessEngineServices().getTaskService();
        tasks
                .createTaskQuery()
                .processInstanceId(execution.getProcessInstanceId())
                .taskDefinitionKey(taskKey)
                .list()
                .stream()
                .filter(which)
                .forEach(task -> {
                    tasks.setPriority(task.getId(), priority);
                    if (alsoFor != null) {
                        tasks.setAssignee(task.getId(), null);
                        tasks.addCandidateGroup(task.getId(), alsoFor);
                    }
                });
    }

    static Object variable(DelegateExecution execution, Task task, String name) {
        return execution.getProcessEngineServices().getTaskService().getVariable(task.getId(), name);
    }
}
