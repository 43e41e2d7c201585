package dev.countersign.gate.privacy;

import dev.countersign.workflow.ReleaseStep;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.stereotype.Component;

@Component("remindAssessor")
class RemindAssessor extends ReleaseStep {
    private final ImpactDesk desk;

    RemindAssessor(ImpactDesk desk) {
        this.desk = desk;
    }

    @Override
    protected void run(String releaseKey, DelegateExecution execution) {
        desk.remind(Long.parseLong((String) execution.getVariable("assessment")));
    }
}
