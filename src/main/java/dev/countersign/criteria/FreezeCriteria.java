package dev.countersign.criteria;

import dev.countersign.workflow.ReleaseStep;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.stereotype.Component;

@Component("freezeCriteria")
class FreezeCriteria extends ReleaseStep {
    private final Negotiation negotiation;

    FreezeCriteria(Negotiation negotiation) {
        this.negotiation = negotiation;
    }

    @Override
    protected void run(String releaseKey, DelegateExecution execution) {
        negotiation.freeze(releaseKey);
        execution.setVariable("criteriaAgreed", true);
    }
}
