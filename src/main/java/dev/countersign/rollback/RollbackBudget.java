package dev.countersign.rollback;

import dev.countersign.rollback.Rollbacks.Rollback;
import dev.countersign.workflow.ModelBean;
import java.util.Date;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.stereotype.Component;

/** When the time budget of a rollback runs out, counted from detection. */
@ModelBean
@Component("rollbackBudget")
public class RollbackBudget {
    private static final double PAGE_AT = 0.6;
    private final RollbackStore store;

    RollbackBudget(RollbackStore store) {
        this.store = store;
    }

    public Date pageAt(DelegateExecution execution) {
        Rollback rollback = store.get(execution.getProcessBusinessKey());
        return Date.from(
                rollback.detectedAt().plusMillis((long) (rollback.budget().toMillis() * PAGE_AT)));
    }

    public Date breachAt(DelegateExecution execution) {
        Rollback rollback = store.get(execution.getProcessBusinessKey());
        return Date.from(rollback.detectedAt().plus(rollback.budget()));
    }
}
