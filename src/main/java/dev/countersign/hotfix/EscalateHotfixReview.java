package dev.countersign.hotfix;

import dev.countersign.identity.Role;
import dev.countersign.workflow.ReleaseStep;
import dev.countersign.workflow.TaskUrgency;
import java.util.List;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.stereotype.Component;

/** A review that is late: told, counted, its task more urgent, and the heads of operations and product may answer it too. */
@Component("escalateHotfixReview")
class EscalateHotfixReview extends ReleaseStep {
    static final List<Role> HEADS = List.of(Role.HEAD_OF_OPERATIONS, Role.HEAD_OF_PRODUCT);
    private static final int URGENT = 80;
    private static final int HIGHEST = 100;

    private final LookingBack lookingBack;

    EscalateHotfixReview(LookingBack lookingBack) {
        this.lookingBack = lookingBack;
    }

    @Override
    protected void run(String releaseKey, DelegateExecution execution) {
        int times = lookingBack.escalate(releaseKey);
        TaskUrgency.in(execution)
                .raise(
                        "reviewHotfix",
                        any -> true,
                        times > 1 ? HIGHEST : URGENT,
                        HEADS.stream().map(Role::id).toArray(String[]::new));
    }
}
