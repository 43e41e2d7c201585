package dev.countersign.workflow;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.camunda.bpm.engine.impl.context.Context;
import org.camunda.bpm.engine.impl.interceptor.CommandContext;
import org.camunda.bpm.engine.impl.persistence.entity.CamundaFormDefinitionEntity;
import org.camunda.bpm.engine.impl.persistence.entity.ResourceEntity;
import org.camunda.bpm.engine.impl.persistence.entity.TaskEntity;

/** The form of a task, in the version that was deployed with its model. */
class TaskForms {
    private final ObjectMapper json;
    /** By deployment, then by the form's id. What was deployed does not change. */
    private final Map<String, Map<String, TaskForm>> known = new ConcurrentHashMap<>();

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
        Map<String, TaskForm> deployed = known.get(deployment);
        if (deployed == null) {
            deployed = load(deployment);
            known.put(deployment, deployed);
        }
        TaskForm found = deployed.get(form);
        if (found == null) {
            throw TaskRefused.forbidden("The form '" + form + "' was not deployed with its model");
        }
        return found;
    }

    /** All forms of a deployment at once: a release asks for most of them. */
    private Map<String, TaskForm> load(String deployment) {
        CommandContext context = Context.getCommandContext();
        Map<String, byte[]> files = context.getResourceManager().findResourcesByDeploymentId(deployment).stream()
                .collect(Collectors.toMap(ResourceEntity::getName, ResourceEntity::getBytes));
        return context.getCamundaFormDefinitionManager().findDefinitionsByDeploymentId(deployment).stream()
                .collect(Collectors.toUnmodifiableMap(
                        CamundaFormDefinitionEntity::getKey,
                        definition -> parse(definition.getKey(), files.get(definition.getResourceName()))));
    }

    private TaskForm parse(String form, byte[] file) {
        try {
            return TaskForm.parse(json.readTree(file), json);
        } catch (IOException broken) {
            throw new UncheckedIOException("The form '" + form + "' cannot be read", broken);
        }
    }
}
