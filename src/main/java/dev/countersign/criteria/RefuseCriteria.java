package dev.countersign.criteria;

import dev.countersign.workflow.ReleaseStep;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.stereotype.Component;

@Component("refuseCriteria")
class RefuseCriteria extends ReleaseStep {
    private final Negotiation negotiation;

    RefuseCriteria(Negotiation negotiation) {
        this.negotiation = negotiation;
    }

    @Override
    protected void run(String releaseKey, DelegateExecution execution) {
        negotiation.refuse(releaseKey);
        execution.setVariable("criteriaAgreed", false);
    }
}
