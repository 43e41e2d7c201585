package dev.countersign.gate.contract;

import dev.countersign.workflow.ReleaseStep;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.stereotype.Component;

@Component("recordConsentSilence")
class RecordConsentSilence extends ReleaseStep {
    private final ConsentDesk desk;

    RecordConsentSilence(ConsentDesk desk) {
        this.desk = desk;
    }

    @Override
    protected void run(String releaseKey, DelegateExecution execution) {
        desk.silence(Long.parseLong((String) execution.getVariable("consent")));
    }
}
