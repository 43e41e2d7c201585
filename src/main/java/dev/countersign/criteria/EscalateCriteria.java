package dev.countersign.criteria;

import dev.countersign.workflow.ReleaseStep;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.stereotype.Component;

@Component("escalateCriteria")
class EscalateCriteria extends ReleaseStep {
    private final Negotiation negotiation;

    EscalateCriteria(Negotiation negotiation) {
        this.negotiation = negotiation;
    }

    @Override
    protected void run(String releaseKey, DelegateExecution execution) {
        negotiation.escalateToHeads(releaseKey);
    }
}
