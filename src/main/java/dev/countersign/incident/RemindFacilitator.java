package dev.countersign.incident;

import dev.countersign.workflow.ReleaseStep;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.stereotype.Component;

@Component("remindFacilitator")
class RemindFacilitator extends ReleaseStep {
    private final PostMortems postMortems;

    RemindFacilitator(PostMortems postMortems) {
        this.postMortems = postMortems;
    }

    @Override
    protected void run(String releaseKey, DelegateExecution execution) {
        postMortems.remindFacilitator(releaseKey);
    }
}
