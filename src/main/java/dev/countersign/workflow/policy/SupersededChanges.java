package dev.countersign.workflow.policy;

import dev.countersign.workflow.WaitingExecutions;
import org.camunda.bpm.engine.ProcessEngine;
import org.camunda.bpm.engine.impl.cfg.ProcessEngineConfigurationImpl;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** Tells the process of a change that the folder has moved on. */
@Component
class SupersededChanges {
    private final ObjectProvider<ProcessEngine> engine;

    SupersededChanges(ObjectProvider<ProcessEngine> engine) {
        this.engine = engine;
    }

    void end(String businessKey) {
        var configuration = (ProcessEngineConfigurationImpl) engine.getObject().getProcessEngineConfiguration();
        configuration
                .getCommandExecutorTxRequired()
                .execute(context -> context.runWithoutAuthorization(() -> {
                    return WaitingExecutions.tell(
                            engine.getObject().getRuntimeService(), "policyChangeSuperseded", businessKey);
                }));
    }
}
