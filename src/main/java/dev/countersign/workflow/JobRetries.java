package dev.countersign.workflow;

import org.camunda.bpm.engine.impl.context.Context;
import org.camunda.bpm.engine.impl.jobexecutor.JobExecutorContext;

/** How often a step will still be tried. */
public final class JobRetries {
    private JobRetries() {}

    /** Whether the current job will not be tried again; false outside a job. */
    public static boolean isLastAttempt() {
        JobExecutorContext context = Context.getJobExecutorContext();
        return context != null
                && context.getCurrentJob() != null
                && context.getCurrentJob().getRetries() <= 1;
    }
}
