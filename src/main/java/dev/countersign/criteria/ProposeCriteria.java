package dev.countersign.criteria;

import dev.countersign.workflow.ReleaseStep;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.stereotype.Component;

@Component("proposeCriteria")
class ProposeCriteria extends ReleaseStep {
    private final Negotiation negotiation;

    ProposeCriteria(Negotiation negotiation) {
        this.negotiation = negotiation;
    }

    @Override
    protected void run(String releaseKey, DelegateExecution execution) {
        negotiation.propose(releaseKey);
    }
}
