package dev.countersign.review;

import dev.countersign.workflow.ReleaseStep;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.stereotype.Component;

@Component("inviteToMeeting")
class InviteToMeeting extends ReleaseStep {
    private final Convening convening;

    InviteToMeeting(Convening convening) {
        this.convening = convening;
    }

    @Override
    protected void run(String releaseKey, DelegateExecution execution) {
        convening.invite(releaseKey);
    }
}
