package dev.countersign.learning;

import dev.countersign.workflow.ReleaseStep;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.stereotype.Component;

@Component("remindRetrospectiveFacilitator")
class RemindRetrospectiveFacilitator extends ReleaseStep {
    private final StoredRetrospectives retrospectives;

    RemindRetrospectiveFacilitator(StoredRetrospectives retrospectives) {
        this.retrospectives = retrospectives;
    }

    @Override
    protected void run(String releaseKey, DelegateExecution execution) {
        retrospectives.remindFacilitator(releaseKey);
    }
}
