package dev.countersign.incident;

import dev.countersign.workflow.ReleaseStep;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.stereotype.Component;

@Component("closeIncident")
class CloseIncident extends ReleaseStep {
    private final PostMortems postMortems;

    CloseIncident(PostMortems postMortems) {
        this.postMortems = postMortems;
    }

    @Override
    protected void run(String releaseKey, DelegateExecution execution) {
        postMortems.closeIncident(releaseKey);
    }
}
