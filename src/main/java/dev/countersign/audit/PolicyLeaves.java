package dev.countersign.audit;

import dev.countersign.workflow.PolicyFact;
import dev.countersign.workflow.PolicyRefusal;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Who changed the rules, and who was refused to: the log proves the rules as it proves the releases. */
@Component
class PolicyLeaves {
    private final Leaves leaves;

    PolicyLeaves(Leaves leaves) {
        this.leaves = leaves;
    }

    @EventListener
    void on(PolicyFact fact) {
        leaves.record(fact.type(), null, fact.actor(), fact.content());
    }

    @EventListener
    void on(PolicyRefusal refusal) {
        leaves.refused(refusal.type(), null, refusal.actor(), refusal.content());
    }
}
