package dev.countersign.workflow;

import org.camunda.bpm.engine.filter.Filter;
import org.camunda.bpm.engine.impl.AbstractQuery;
import org.camunda.bpm.engine.impl.FilterServiceImpl;

/** Saved filters are evaluated later by whoever opens them: the same refusal as for a query asked at once. */
class CheckedFilterService extends FilterServiceImpl {
    @Override
    public Filter saveFilter(Filter filter) {
        if (filter.getQuery() instanceof AbstractQuery<?, ?> query) {
            NoNestedExpressions.INSTANCE.validate(query);
        }
        return super.saveFilter(filter);
    }
}
