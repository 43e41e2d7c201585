package dev.countersign.incident;

import dev.countersign.identity.Role;
import dev.countersign.workflow.ReleaseStep;
import dev.countersign.workflow.TaskUrgency;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.stereotype.Component;

/** An overdue action: told, counted, its task more urgent each time; where its owner has gone, the facilitators get it. */
@Component("escalateAction")
class EscalateAction extends ReleaseStep {
    private static final int NORMAL = 50;
    private static final int MORE = 20;
    private static final int HIGHEST = 100;

    private final FollowUps followUps;

    EscalateAction(FollowUps followUps) {
        this.followUps = followUps;
    }

    @Override
    protected void run(String releaseKey, DelegateExecution execution) {
        Long id = (Long) execution.getVariable("action");
        FollowUp action = followUps.escalate(releaseKey, id);
        String[] alsoFor = followUps.isOrphaned(action) ? new String[] {Role.FACILITATOR.id()} : new String[0];
        TaskUrgency.in(execution)
                .raise(
                        "completeAction",
                        variables -> id.equals(variables.get("action")),
                        Math.min(HIGHEST, NORMAL + MORE * action.escalations()),
                        alsoFor);
    }
}
