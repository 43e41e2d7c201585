package dev.countersign.rollout;

import dev.countersign.observe.SyntheticJourneys;
import dev.countersign.workflow.ModelBean;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.stereotype.Component;

/** What the rollout's model asks about journeys. */
@ModelBean
@Component("rolloutJourneys")
public class RolloutJourneys {
    private final SyntheticJourneys journeys;

    RolloutJourneys(SyntheticJourneys journeys) {
        this.journeys = journeys;
    }

    /** Whether the release's service has any. The service stands in the key, so that nothing is read for those without. */
    public boolean declared(DelegateExecution execution) {
        String key = execution.getProcessBusinessKey();
        return journeys.areDeclared(key.substring(0, key.lastIndexOf('@')));
    }
}
