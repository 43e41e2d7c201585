package dev.countersign.incident;

import dev.countersign.identity.Role;
import dev.countersign.workflow.ReleaseStep;
import dev.countersign.workflow.TaskUrgency;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.stereotype.Component;

@Component("escalatePostMortem")
class EscalatePostMortem extends ReleaseStep {
    private static final int URGENT = 80;
    private final PostMortems postMortems;

    EscalatePostMortem(PostMortems postMortems) {
        this.postMortems = postMortems;
    }

    @Override
    protected void run(String releaseKey, DelegateExecution execution) {
        postMortems.escalatePostMortem(releaseKey);
        TaskUrgency.in(execution).raise("writePostMortem", any -> true, URGENT, Role.HEAD_OF_OPERATIONS.id());
    }
}
