package dev.countersign.gate;

import dev.countersign.workflow.ReleaseStep;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.stereotype.Component;

@Component("remindGateOwner")
class RemindGateOwner extends ReleaseStep {
    private final GateNotices notices;

    RemindGateOwner(GateNotices notices) {
        this.notices = notices;
    }

    @Override
    protected void run(String releaseKey, DelegateExecution execution) {
        notices.remindOwner(releaseKey, (String) execution.getVariable("gate"));
    }
}
