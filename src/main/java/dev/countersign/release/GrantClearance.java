package dev.countersign.release;

import dev.countersign.workflow.ReleaseStep;
import org.camunda.bpm.engine.delegate.BpmnError;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.stereotype.Component;

@Component("grantClearance")
class GrantClearance extends ReleaseStep {
    private final Clearances clearances;

    GrantClearance(Clearances clearances) {
        this.clearances = clearances;
    }

    @Override
    protected void run(String releaseKey, DelegateExecution execution) {
        try {
            clearances.grant(releaseKey);
        } catch (StateConflict missing) {
            throw new BpmnError("clearanceRefused", missing.getMessage());
        }
    }
}
