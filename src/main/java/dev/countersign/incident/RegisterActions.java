package dev.countersign.incident;

import dev.countersign.workflow.ReleaseStep;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.stereotype.Component;

@Component("registerActions")
class RegisterActions extends ReleaseStep {
    private final PostMortems postMortems;

    RegisterActions(PostMortems postMortems) {
        this.postMortems = postMortems;
    }

    @Override
    protected void run(String releaseKey, DelegateExecution execution) {
        postMortems.registerActions(releaseKey);
    }
}
