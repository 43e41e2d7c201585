package dev.countersign.gate.signoff;

import dev.countersign.workflow.ReleaseStep;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.stereotype.Component;

@Component("recordSignoffsMissed")
class RecordSignoffsMissed extends ReleaseStep {
    private final Signoffs signoffs;

    RecordSignoffsMissed(Signoffs signoffs) {
        this.signoffs = signoffs;
    }

    @Override
    protected void run(String releaseKey, DelegateExecution execution) {
        signoffs.missed(releaseKey);
        execution.setVariable("signedOff", false);
    }
}
