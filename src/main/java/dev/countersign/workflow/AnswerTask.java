package dev.countersign.workflow;

import java.util.Map;
import java.util.function.Function;
import org.camunda.bpm.engine.BadUserRequestException;
import org.camunda.bpm.engine.impl.cfg.CommandChecker;
import org.camunda.bpm.engine.impl.cmd.CompleteTaskCmd;
import org.camunda.bpm.engine.impl.interceptor.CommandContext;
import org.camunda.bpm.engine.impl.persistence.entity.TaskEntity;
import org.camunda.bpm.engine.variable.VariableMap;

/** Completes a task with a person's answer: the desk checks it and says which variables the model gets. */
class AnswerTask extends CompleteTaskCmd {
    private static final long serialVersionUID = 1L;
    private static final ThreadLocal<String> ANSWERING = new ThreadLocal<>();
    /** Gone when serialized, as commands never are: they are run where they are made. */
    private final transient Function<TaskEntity, Map<String, Object>> answer;

    AnswerTask(
            String taskId, Map<String, Object> submitted, boolean returnVariables, boolean deserialize, TaskDesk desk) {
        super(taskId, null, returnVariables, deserialize);
        Map<String, Object> values = submitted == null ? Map.of() : submitted;
        this.answer = task -> desk.answer(task, values);
    }

    static boolean isAnswering(String taskId) {
        return taskId.equals(ANSWERING.get());
    }

    @Override
    public VariableMap execute(CommandContext context) {
        if (taskId == null) {
            throw new BadUserRequestException("taskId is null");
        }
        TaskEntity task = context.getTaskManager().findTaskById(taskId);
        if (task == null) {
            throw new BadUserRequestException("Cannot find task with id " + taskId);
        }
        for (CommandChecker checker : context.getProcessEngineConfiguration().getCommandCheckers()) {
            checker.checkTaskWork(task);
        }
        if (task.getProcessInstanceId() != null) {
            variables = context.runWithoutAuthorization(() -> answer.apply(task));
        }
        ANSWERING.set(taskId);
        try {
            return super.execute(context);
        } finally {
            ANSWERING.remove();
        }
    }
}
