package dev.countersign.learning;

import dev.countersign.workflow.ReleaseStep;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.stereotype.Component;

@Component("openRetrospective")
class OpenRetrospective extends ReleaseStep {
    private final StoredRetrospectives retrospectives;

    OpenRetrospective(StoredRetrospectives retrospectives) {
        this.retrospectives = retrospectives;
    }

    @Override
    protected void run(String releaseKey, DelegateExecution execution) {
        retrospectives.open(releaseKey);
    }
}
