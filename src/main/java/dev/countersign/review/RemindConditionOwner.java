package dev.countersign.review;

import dev.countersign.workflow.ReleaseStep;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.stereotype.Component;

@Component("remindConditionOwner")
class RemindConditionOwner extends ReleaseStep {
    private final AgreedConditions agreed;

    RemindConditionOwner(AgreedConditions agreed) {
        this.agreed = agreed;
    }

    @Override
    protected void run(String releaseKey, DelegateExecution execution) {
        agreed.remind(releaseKey, (String) execution.getVariable("condition"));
    }
}
