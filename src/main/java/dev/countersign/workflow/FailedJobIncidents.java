package dev.countersign.workflow;

import org.camunda.bpm.engine.impl.context.Context;
import org.camunda.bpm.engine.impl.incident.DefaultIncidentHandler;
import org.camunda.bpm.engine.impl.incident.IncidentContext;
import org.camunda.bpm.engine.impl.persistence.entity.JobEntity;
import org.camunda.bpm.engine.runtime.Incident;

/**
 * The engine looks for incidents to close whenever a job is done. A job that never failed and still has its retries has none: they are opened when the retries
 * are used up. What could be left nevertheless ends with the execution, as every incident does.
 */
class FailedJobIncidents extends DefaultIncidentHandler {
    FailedJobIncidents() {
        super(Incident.FAILED_JOB_HANDLER_TYPE);
    }

    @Override
    protected void removeIncident(IncidentContext context, boolean resolved) {
        if (!isUntroubled(context.getConfiguration())) {
            super.removeIncident(context, resolved);
        }
    }

    private static boolean isUntroubled(String jobId) {
        JobEntity job = Context.getCommandContext().getDbEntityManager().getCachedEntity(JobEntity.class, jobId);
        return job != null
                && job.getRetries() > 0
                && job.getExceptionMessage() == null
                && job.getExceptionByteArrayId() == null;
    }
}
