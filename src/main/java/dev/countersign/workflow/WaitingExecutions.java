package dev.countersign.workflow;

import org.camunda.bpm.engine.RuntimeService;
import org.camunda.bpm.engine.impl.MessageCorrelationBuilderImpl;

/** Correlates a message to what waits for it. */
public final class WaitingExecutions {
    private WaitingExecutions() {}

    /**
     * Tells every execution of the business key that waits for the message, and returns how many there were. None is not an error. No process is started by it: the
     * engine's correlation would start one for each model that begins with the message, whoever deployed it.
     */
    public static int tell(RuntimeService runtime, String message, String businessKey) {
        MessageCorrelationBuilderImpl correlation =
                (MessageCorrelationBuilderImpl) runtime.createMessageCorrelation(message);
        return correlation
                .executionsOnly()
                .processInstanceBusinessKey(businessKey)
                .correlateAllWithResult()
                .size();
    }
}
