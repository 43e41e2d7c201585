package dev.countersign.incident;

import dev.countersign.workflow.ReleaseStep;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.stereotype.Component;

@Component("remindActionOwner")
class RemindActionOwner extends ReleaseStep {
    private final FollowUps followUps;

    RemindActionOwner(FollowUps followUps) {
        this.followUps = followUps;
    }

    @Override
    protected void run(String releaseKey, DelegateExecution execution) {
        followUps.remind(releaseKey, (Long) execution.getVariable("action"));
    }
}
