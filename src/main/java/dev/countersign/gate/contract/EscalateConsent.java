package dev.countersign.gate.contract;

import dev.countersign.workflow.ReleaseStep;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.stereotype.Component;

@Component("escalateConsent")
class EscalateConsent extends ReleaseStep {
    private final ConsentDesk desk;

    EscalateConsent(ConsentDesk desk) {
        this.desk = desk;
    }

    @Override
    protected void run(String releaseKey, DelegateExecution execution) {
        desk.escalate(Long.parseLong((String) execution.getVariable("consent")));
    }
}
