package dev.countersign.audit;

import dev.countersign.workflow.EngineFact;
import org.springframework.stereotype.Component;

/** What the engine keeps in its history can be deleted and edited there: it stands in the log too. */
@Component
class EngineLeaves implements EngineFact.Listener {
    private final OutboxLeaves leaves;

    EngineLeaves(OutboxLeaves leaves) {
        this.leaves = leaves;
    }

    @Override
    public void on(EngineFact fact) {
        leaves.recordEngine(fact);
    }
}
