package dev.countersign.hotfix;

import dev.countersign.workflow.ReleaseStep;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.stereotype.Component;

@Component("remindHotfixReviewers")
class RemindHotfixReviewers extends ReleaseStep {
    private final LookingBack lookingBack;

    RemindHotfixReviewers(LookingBack lookingBack) {
        this.lookingBack = lookingBack;
    }

    @Override
    protected void run(String releaseKey, DelegateExecution execution) {
        lookingBack.remind(releaseKey);
    }
}
