package dev.countersign.criteria;

import dev.countersign.workflow.ReleaseStep;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.stereotype.Component;

@Component("adoptCounterProposals")
class AdoptCounterProposals extends ReleaseStep {
    private final Negotiation negotiation;

    AdoptCounterProposals(Negotiation negotiation) {
        this.negotiation = negotiation;
    }

    @Override
    protected void run(String releaseKey, DelegateExecution execution) {
        negotiation.adoptAll(releaseKey);
    }
}
