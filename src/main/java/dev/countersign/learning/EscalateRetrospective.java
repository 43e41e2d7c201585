package dev.countersign.learning;

import dev.countersign.identity.Role;
import dev.countersign.workflow.ReleaseStep;
import dev.countersign.workflow.TaskUrgency;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.stereotype.Component;

@Component("escalateRetrospective")
class EscalateRetrospective extends ReleaseStep {
    private static final int URGENT = 80;
    private final StoredRetrospectives retrospectives;

    EscalateRetrospective(StoredRetrospectives retrospectives) {
        this.retrospectives = retrospectives;
    }

    @Override
    protected void run(String releaseKey, DelegateExecution execution) {
        retrospectives.escalateSummary(releaseKey);
        TaskUrgency.in(execution)
                .raise(
                        "summariseRetrospective",
                        any -> true,
                        URGENT,
                        Role.HEAD_OF_PRODUCT.id(),
                        Role.HEAD_OF_OPERATIONS.id());
    }
}
