package dev.countersign.gate.signoff;

import dev.countersign.workflow.ReleaseStep;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.stereotype.Component;

@Component("weighSignoffs")
class WeighSignoffs extends ReleaseStep {
    private final Signoffs signoffs;

    WeighSignoffs(Signoffs signoffs) {
        this.signoffs = signoffs;
    }

    @Override
    protected void run(String releaseKey, DelegateExecution execution) {
        String outcome = signoffs.outcome(releaseKey);
        execution.setVariable("signoffOutcome", outcome);
        execution.setVariable("signedOff", outcome.equals("given"));
    }
}
