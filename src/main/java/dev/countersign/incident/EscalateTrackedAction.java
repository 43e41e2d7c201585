package dev.countersign.incident;

import dev.countersign.identity.Role;
import dev.countersign.workflow.ReleaseStep;
import dev.countersign.workflow.TaskUrgency;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.stereotype.Component;

/** An overdue action: told, counted, its task more urgent each time; where its owner has gone, the head of operations gets it. */
@Component("escalateTrackedAction")
class EscalateTrackedAction extends ReleaseStep {
    private static final int NORMAL = 50;
    private static final int MORE = 20;
    private static final int HIGHEST = 100;

    private final StoredTracking tracking;

    EscalateTrackedAction(StoredTracking tracking) {
        this.tracking = tracking;
    }

    @Override
    protected void run(String releaseKey, DelegateExecution execution) {
        TrackedAction action = tracking.escalate(Long.parseLong((String) execution.getVariable("tracked")));
        String[] alsoFor = tracking.isOrphaned(action) ? new String[] {Role.HEAD_OF_OPERATIONS.id()} : new String[0];
        TaskUrgency.in(execution)
                .raise(
                        "completeTrackedAction",
                        any -> true,
                        Math.min(HIGHEST, NORMAL + MORE * action.escalations()),
                        alsoFor);
    }
}
