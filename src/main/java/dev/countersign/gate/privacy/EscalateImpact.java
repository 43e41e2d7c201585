package dev.countersign.gate.privacy;

import dev.countersign.workflow.ReleaseStep;
import dev.countersign.workflow.TaskUrgency;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.stereotype.Component;

/** The task goes to legal too, and is more urgent from now on. */
@Component("escalateImpact")
class EscalateImpact extends ReleaseStep {
    private static final int URGENT = 70;
    private final ImpactDesk desk;

    EscalateImpact(ImpactDesk desk) {
        this.desk = desk;
    }

    @Override
    protected void run(String releaseKey, DelegateExecution execution) {
        desk.escalate(Long.parseLong((String) execution.getVariable("assessment")));
        TaskUrgency.in(execution).raise("assessDataImpact", task -> true, URGENT, ImpactDesk.ALTERNATE.id());
    }
}
