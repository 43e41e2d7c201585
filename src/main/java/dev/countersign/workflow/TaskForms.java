package dev.countersign.workflow;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.camunda.bpm.engine.impl.cmd.GetDeploymentResourceCmd;
import org.camunda.bpm.engine.impl.context.Context;
import org.camunda.bpm.engine.impl.persistence.entity.CamundaFormDefinitionEntity;
import org.camunda.bpm.engine.impl.persistence.entity.TaskEntity;

/** The form of a task, in the version that was deployed with its model. */
class TaskForms {
    private final ObjectMapper json;
    private final Map<String, TaskForm> byDefinition = new ConcurrentHashMap<>();

    TaskForms(ObjectMapper json) {
        this.json = json;
    }

    TaskForm of(TaskEntity task) {
        var reference = task.getTaskDefinition().getCamundaFormDefinitionKey();
        if (reference == null) {
            throw TaskRefused.forbidden("'" + task.getName() + "' has no form, so that no answer can be checked");
        }
        String form = reference.getExpressionText();
        String deployment = task.getProcessDefinition().getDeploymentId();
        return byDefinition.computeIfAbsent(deployment + "/" + form, id -> load(deployment, form));
    }

    private TaskForm load(String deployment, String form) {
        CamundaFormDefinitionEntity definition = Context.getCommandContext()
                .getCamundaFormDefinitionManager()
                .findDefinitionByDeploymentAndKey(deployment, form);
        if (definition == null) {
            throw TaskRefused.forbidden("The form '" + form + "' was not deployed with its model");
        }
        var resource = new GetDeploymentResourceCmd(deployment, definition.getResourceName());
        try (InputStream bytes = Context.getCommandContext().runWithoutAuthorization(resource)) {
            return TaskForm.parse(json.readTree(bytes), json);
        } catch (IOException broken) {
            throw new UncheckedIOException("The form '" + form + "' cannot be read", broken);
        }
    }
}
