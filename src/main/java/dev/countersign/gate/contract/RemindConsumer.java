package dev.countersign.gate.contract;

import dev.countersign.workflow.ReleaseStep;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.stereotype.Component;

@Component("remindConsumer")
class RemindConsumer extends ReleaseStep {
    private final ConsentDesk desk;

    RemindConsumer(ConsentDesk desk) {
        this.desk = desk;
    }

    @Override
    protected void run(String releaseKey, DelegateExecution execution) {
        desk.remind(Long.parseLong((String) execution.getVariable("consent")));
    }
}
