package dev.countersign.workflow;

import java.util.HashMap;
import java.util.Map;
import org.camunda.bpm.engine.ProcessEngine;
import org.camunda.bpm.engine.RepositoryService;
import org.camunda.bpm.engine.impl.cfg.ProcessEngineConfigurationImpl;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** Starts a process of one deployment. Who may is the caller's rule; the engine's own grants are not asked. */
@Component
public class Processes {
    private final ObjectProvider<ProcessEngine> engine;

    Processes(ObjectProvider<ProcessEngine> engine) {
        this.engine = engine;
    }

    /** Whether a deployment has the process: one that a release began with may be older than a process. */
    public boolean knows(String policy, String process) {
        var configuration = (ProcessEngineConfigurationImpl) engine.getObject().getProcessEngineConfiguration();
        return configuration
                .getCommandExecutorTxRequired()
                .execute(context -> context.runWithoutAuthorization(() -> engine.getObject()
                                .getRepositoryService()
                                .createProcessDefinitionQuery()
                                .deploymentId(policy)
                                .processDefinitionKey(process)
                                .count()
                        > 0));
    }

    /** Whether the process of a deployment has an element: one that a release began with may be older than it. */
    public boolean knows(String policy, String process, String element) {
        var configuration = (ProcessEngineConfigurationImpl) engine.getObject().getProcessEngineConfiguration();
        return configuration
                .getCommandExecutorTxRequired()
                .execute(context -> context.runWithoutAuthorization(() -> {
                    RepositoryService repository = engine.getObject().getRepositoryService();
                    return repository
                            .createProcessDefinitionQuery()
                            .deploymentId(policy)
                            .processDefinitionKey(process)
                            .list()
                            .stream()
                            .anyMatch(definition -> repository
                                            .getBpmnModelInstance(definition.getId())
                                            .getModelElementById(element)
                                    != null);
                }));
    }

    /** Returns the process instance's id. */
    public String start(String policy, String process, String releaseKey) {
        return start(policy, process, releaseKey, Map.of());
    }

    /**
     * Starts one instance for each of these business keys; the definition is looked up once, and the engine writes them together.
     *
     * @param started the variables of each, by its business key
     */
    public void startAll(String policy, String process, Map<String, ? extends Map<String, ?>> started) {
        var configuration = (ProcessEngineConfigurationImpl) engine.getObject().getProcessEngineConfiguration();
        configuration
                .getCommandExecutorTxRequired()
                .execute(context -> context.runWithoutAuthorization(() -> {
                    String definition = definition(policy, process);
                    started.forEach((key, variables) -> engine.getObject()
                            .getRuntimeService()
                            .startProcessInstanceById(definition, key, new HashMap<>(variables)));
                    return null;
                }));
    }

    /** Tells every instance of the business key that waits for the message, in the current transaction. Returns how many there were. */
    public int tell(String message, String businessKey) {
        var configuration = (ProcessEngineConfigurationImpl) engine.getObject().getProcessEngineConfiguration();
        return configuration
                .getCommandExecutorTxRequired()
                .execute(context -> context.runWithoutAuthorization(
                        () -> WaitingExecutions.tell(engine.getObject().getRuntimeService(), message, businessKey)));
    }

    /**
     * Returns the process instance's id.
     *
     * @param variables what the process is about, beside the release
     */
    public String start(String policy, String process, String releaseKey, Map<String, Object> variables) {
        var configuration = (ProcessEngineConfigurationImpl) engine.getObject().getProcessEngineConfiguration();
        return configuration
                .getCommandExecutorTxRequired()
                .execute(context -> context.runWithoutAuthorization(() -> engine.getObject()
                        .getRuntimeService()
                        .startProcessInstanceById(definition(policy, process), releaseKey, variables)
                        .getId()));
    }

    private String definition(String policy, String process) {
        var definition = engine.getObject()
                .getRepositoryService()
                .createProcessDefinitionQuery()
                .deploymentId(policy)
                .processDefinitionKey(process)
                .singleResult();
        if (definition == null) {
            throw new IllegalStateException("The deployment " + policy + " has no process '" + process + "'");
        }
        return definition.getId();
    }
}
