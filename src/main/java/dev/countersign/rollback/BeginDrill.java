package dev.countersign.rollback;

import dev.countersign.api.Problem;
import dev.countersign.workflow.ReleaseStep;
import dev.countersign.workflow.TaskRefused;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** The first step of a drill. Through the API it has been written already; through the start form it is written here, and the form's values do not stay in the process. */
@Component("beginDrill")
class BeginDrill extends ReleaseStep {
    private static final String RELEASE = "release";
    private final ObjectProvider<DrillOrder> order;
    private final ObjectProvider<DrillStore> store;

    BeginDrill(ObjectProvider<DrillOrder> order, ObjectProvider<DrillStore> store) {
        this.order = order;
        this.store = store;
    }

    @Override
    protected void run(String releaseKey, DelegateExecution execution) {
        String key = releaseKey;
        Object drill = execution.getVariable(Drills.VARIABLE);
        if (drill == null) {
            Object named = execution.getVariable(RELEASE);
            key = named == null ? "" : named.toString().strip();
            execution.removeVariables();
            drill = wanted(key);
            execution.setProcessBusinessKey(key);
            execution.setVariable(Drills.VARIABLE, drill);
        }
        if (!(drill instanceof Number number)
                || key == null
                || !store.getObject().bind(key, number.longValue(), execution.getProcessInstanceId())) {
            throw TaskRefused.stale("A drill is run once: want another one");
        }
    }

    private long wanted(String key) {
        try {
            return order.getObject().want(key);
        } catch (Problem refusal) {
            throw TaskRefused.invalid(RELEASE, refusal.getMessage());
        }
    }
}
