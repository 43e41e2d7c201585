package dev.countersign.workflow;

import java.util.Collection;
import java.util.Map;
import org.camunda.bpm.engine.AuthorizationException;
import org.camunda.bpm.engine.impl.FormServiceImpl;
import org.camunda.bpm.engine.impl.cmd.GetTaskFormVariablesCmd;
import org.camunda.bpm.engine.impl.interceptor.CommandContext;
import org.camunda.bpm.engine.impl.persistence.entity.TaskEntity;
import org.camunda.bpm.engine.variable.VariableMap;

/** Forms are filled with the facts as they are now, and submitted through the same check as any completion. */
class BriefedFormService extends FormServiceImpl {
    private final TaskDesk desk;

    BriefedFormService(TaskDesk desk) {
        this.desk = desk;
    }

    @Override
    public void submitTaskForm(String taskId, Map<String, Object> properties) {
        submitTaskFormWithVariablesInReturn(taskId, properties, false);
    }

    @Override
    public VariableMap submitTaskFormWithVariablesInReturn(
            String taskId, Map<String, Object> properties, boolean deserializeValues) {
        try {
            return commandExecutor.execute(new AnswerTask(taskId, properties, true, deserializeValues, desk));
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
    public VariableMap getTaskFormVariables(String taskId, Collection<String> names, boolean deserialize) {
        return commandExecutor.execute(new BriefTask(taskId, names, deserialize));
    }

    private final class BriefTask extends GetTaskFormVariablesCmd {
        private static final long serialVersionUID = 1L;

        BriefTask(String taskId, Collection<String> names, boolean deserialize) {
            super(taskId, names, deserialize);
        }

        @Override
        public VariableMap execute(CommandContext context) {
            VariableMap variables = super.execute(context);
            TaskEntity task = context.getTaskManager().findTaskById(resourceId);
            if (task.getProcessInstanceId() != null) {
                context.runWithoutAuthorization(() -> {
                    desk.brief(task).forEach((name, value) -> {
                        if (formVariableNames == null || formVariableNames.contains(name)) {
                            variables.putValueTyped(name, value);
                        }
                    });
                    return null;
                });
            }
            return variables;
        }
    }
}
