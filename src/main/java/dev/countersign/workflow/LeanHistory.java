package dev.countersign.workflow;

import java.util.regex.Pattern;
import org.camunda.bpm.engine.impl.batch.history.HistoricBatchEntity;
import org.camunda.bpm.engine.impl.context.Context;
import org.camunda.bpm.engine.impl.history.event.HistoryEventType;
import org.camunda.bpm.engine.impl.history.producer.CacheAwareHistoryEventProducer;
import org.camunda.bpm.engine.impl.persistence.entity.HistoricJobLogEventEntity;
import org.camunda.bpm.engine.impl.persistence.entity.JobDefinitionEntity;
import org.camunda.bpm.engine.impl.persistence.entity.JobEntity;
import org.camunda.bpm.engine.runtime.Job;

/**
 * For each line in its log of jobs the engine looks for a batch whose id is the configuration of the job's definition, which for the jobs of a model is
 * {@code async-before} or the duration of a timer. Only what can be an id (of the generator {@code strong}) is looked for here.
 */
class LeanHistory extends CacheAwareHistoryEventProducer {
    private static final Pattern ID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private final JobDefinitions definitions;

    LeanHistory(JobDefinitions definitions) {
        this.definitions = definitions;
    }

    @Override
    protected HistoricBatchEntity getHistoricBatchById(String id) {
        return ID.matcher(id).matches() ? super.getHistoricBatchById(id) : null;
    }

    /** The log names a job's definition by what never changes of it; only its priority and whether it is suspended do. */
    @Override
    protected void initHistoricJobLogEvent(HistoricJobLogEventEntity event, Job job, HistoryEventType type) {
        JobEntity entity = (JobEntity) job;
        String id = entity.getJobDefinitionId();
        JobDefinitionEntity known =
                id == null || isLoaded(id) ? null : definitions.of(Context.getCommandContext(), entity);
        if (known == null) {
            super.initHistoricJobLogEvent(event, job, type);
            return;
        }
        entity.setJobDefinition(known);
        try {
            super.initHistoricJobLogEvent(event, job, type);
        } finally {
            // Whoever asks the job for its definition gets the one of the database.
            entity.setJobDefinition(null);
            entity.setJobDefinitionId(id);
        }
    }

    private static boolean isLoaded(String jobDefinition) {
        return Context.getCommandContext()
                        .getDbEntityManager()
                        .getCachedEntity(JobDefinitionEntity.class, jobDefinition)
                != null;
    }
}
