package dev.countersign.incident;

import dev.countersign.workflow.ReleaseStep;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.stereotype.Component;

@Component("remindTrackedOwner")
class RemindTrackedOwner extends ReleaseStep {
    private final StoredTracking tracking;

    RemindTrackedOwner(StoredTracking tracking) {
        this.tracking = tracking;
    }

    @Override
    protected void run(String releaseKey, DelegateExecution execution) {
        tracking.remind(Long.parseLong((String) execution.getVariable("tracked")));
    }
}
