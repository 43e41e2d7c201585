package dev.countersign.criteria;

import dev.countersign.workflow.ReleaseStep;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.stereotype.Component;

@Component("weighHeads")
class WeighHeads extends ReleaseStep {
    private final Negotiation negotiation;

    WeighHeads(Negotiation negotiation) {
        this.negotiation = negotiation;
    }

    @Override
    protected void run(String releaseKey, DelegateExecution execution) {
        execution.setVariable("headsAccept", negotiation.headsAccept(releaseKey));
    }
}
