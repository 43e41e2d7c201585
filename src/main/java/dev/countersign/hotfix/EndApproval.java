package dev.countersign.hotfix;

import dev.countersign.workflow.ReleaseStep;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.stereotype.Component;

@Component("endApproval")
class EndApproval extends ReleaseStep {
    private final Approving approving;

    EndApproval(Approving approving) {
        this.approving = approving;
    }

    @Override
    protected void run(String releaseKey, DelegateExecution execution) {
        approving.end(releaseKey, Long.parseLong((String) execution.getVariable("approval")));
    }
}
