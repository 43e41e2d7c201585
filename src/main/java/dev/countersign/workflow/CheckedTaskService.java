package dev.countersign.workflow;

import java.util.Map;
import org.camunda.bpm.engine.AuthorizationException;
import org.camunda.bpm.engine.BadUserRequestException;
import org.camunda.bpm.engine.impl.TaskQueryImpl;
import org.camunda.bpm.engine.impl.TaskServiceImpl;
import org.camunda.bpm.engine.task.TaskQuery;
import org.camunda.bpm.engine.variable.VariableMap;

/** Every way to complete a task leads through {@link AnswerTask}; ways around it are refused. */
class CheckedTaskService extends TaskServiceImpl {
    private final TaskDesk desk;

    CheckedTaskService(TaskDesk desk) {
        this.desk = desk;
    }

    @Override
    public void complete(String taskId) {
        complete(taskId, null);
    }

    @Override
    public void complete(String taskId, Map<String, Object> variables) {
        answer(taskId, variables, false, false);
    }

    @Override
    public VariableMap completeWithVariablesInReturn(
            String taskId, Map<String, Object> variables, boolean deserializeValues) {
        return answer(taskId, variables, true, deserializeValues);
    }

    private VariableMap answer(
            String taskId, Map<String, Object> variables, boolean returnVariables, boolean deserialize) {
        try {
            return commandExecutor.execute(new AnswerTask(taskId, variables, returnVariables, deserialize, desk));
        } catch (TaskRefused refusal) {
            desk.tellRefusal(refusal);
            throw refusal;
        } catch (AuthorizationException refusal) {
            commandExecutor.execute(context -> {
                desk.tellRefusal(context.getTaskManager().findTaskById(taskId));
                return null;
            });
            throw refusal;
        }
    }

    @Override
    public void handleBpmnError(String taskId, String errorCode, String errorMessage, Map<String, Object> variables) {
        throw new BadUserRequestException("A person's task is completed by its form, not by a BPMN error");
    }

    @Override
    public void handleBpmnError(String taskId, String errorCode) {
        handleBpmnError(taskId, errorCode, null, null);
    }

    @Override
    public void handleBpmnError(String taskId, String errorCode, String errorMessage) {
        handleBpmnError(taskId, errorCode, errorMessage, null);
    }

    @Override
    public void handleEscalation(String taskId, String escalationCode, Map<String, Object> variables) {
        throw new BadUserRequestException("A person's task is completed by its form, not by an escalation");
    }

    @Override
    public void handleEscalation(String taskId, String escalationCode) {
        handleEscalation(taskId, escalationCode, null);
    }

    /**
     * The engine refuses expressions in ad-hoc queries, but looks at the outermost query only: an expression inside {@code orQueries} was evaluated
     * (CVE-2026-109432). No subclass of the query: extending a saved filter would fail with it.
     */
    @Override
    public TaskQuery createTaskQuery() {
        TaskQueryImpl query = new TaskQueryImpl(commandExecutor);
        query.addValidator(NoNestedExpressions.INSTANCE);
        return query;
    }
}
