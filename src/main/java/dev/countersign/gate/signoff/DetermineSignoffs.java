package dev.countersign.gate.signoff;

import dev.countersign.workflow.ReleaseStep;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.stereotype.Component;

@Component("determineSignoffs")
class DetermineSignoffs extends ReleaseStep {
    private final Signoffs signoffs;

    DetermineSignoffs(Signoffs signoffs) {
        this.signoffs = signoffs;
    }

    @Override
    protected void run(String releaseKey, DelegateExecution execution) {
        signoffs.determine(releaseKey);
    }
}
