package dev.countersign.gate.signoff;

import dev.countersign.workflow.ReleaseStep;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.stereotype.Component;

@Component("remindSigners")
class RemindSigners extends ReleaseStep {
    private final SignoffNotices notices;

    RemindSigners(SignoffNotices notices) {
        this.notices = notices;
    }

    @Override
    protected void run(String releaseKey, DelegateExecution execution) {
        notices.remind(releaseKey);
    }
}
