package dev.countersign.criteria;

import dev.countersign.workflow.ReleaseStep;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.stereotype.Component;

@Component("weighAgreement")
class WeighAgreement extends ReleaseStep {
    private final Negotiation negotiation;

    WeighAgreement(Negotiation negotiation) {
        this.negotiation = negotiation;
    }

    @Override
    protected void run(String releaseKey, DelegateExecution execution) {
        execution.setVariable("agreement", negotiation.weigh(releaseKey).name());
    }
}
