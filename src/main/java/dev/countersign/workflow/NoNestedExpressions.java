package dev.countersign.workflow;

import org.camunda.bpm.engine.BadUserRequestException;
import org.camunda.bpm.engine.impl.AbstractQuery;
import org.camunda.bpm.engine.impl.TaskQueryImpl;
import org.camunda.bpm.engine.impl.Validator;

/** Refuses expressions in the sub-queries of a task query. */
enum NoNestedExpressions implements Validator<AbstractQuery<?, ?>> {
    INSTANCE;

    @Override
    public void validate(AbstractQuery<?, ?> query) {
        if (query instanceof TaskQueryImpl tasks
                && tasks.getQueries().stream()
                        .anyMatch(nested ->
                                nested != tasks && !nested.getExpressions().isEmpty())) {
            throw new BadUserRequestException("Expressions are forbidden in the sub-queries of a task query");
        }
    }
}
