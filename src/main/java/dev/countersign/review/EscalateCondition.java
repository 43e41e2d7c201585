package dev.countersign.review;

import dev.countersign.workflow.ReleaseStep;
import dev.countersign.workflow.TaskUrgency;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.stereotype.Component;

/** An overdue condition: told, counted, its task more urgent each time; where its owner has gone, the release managers get it. */
@Component("escalateCondition")
class EscalateCondition extends ReleaseStep {
    private static final int NORMAL = 50;
    private static final int MORE = 20;
    private static final int HIGHEST = 100;
    private final AgreedConditions agreed;

    EscalateCondition(AgreedConditions agreed) {
        this.agreed = agreed;
    }

    @Override
    protected void run(String releaseKey, DelegateExecution execution) {
        String condition = (String) execution.getVariable("condition");
        int times = agreed.escalate(releaseKey, condition);
        String[] alsoFor = agreed.isOrphaned(condition) ? new String[] {AgreedConditions.standIn()} : new String[0];
        TaskUrgency.in(execution)
                .raise("fulfilCondition", task -> true, Math.min(HIGHEST, NORMAL + MORE * times), alsoFor);
    }
}
