package dev.countersign.workflow;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.camunda.bpm.engine.impl.interceptor.CommandContext;
import org.camunda.bpm.engine.impl.persistence.entity.JobDefinitionEntity;
import org.camunda.bpm.engine.impl.persistence.entity.JobEntity;
import org.camunda.bpm.engine.management.JobDefinition;

/**
 * What never changes of the definition of a model's jobs: its type, its configuration and its activity. What does change, its priority and whether it is suspended, is
 * not here: the engine reads it where it makes a job.
 */
class JobDefinitions {
    private final Map<String, JobDefinitionEntity> known = new ConcurrentHashMap<>();

    /** Null where the job has none, or is not one of a model. */
    JobDefinitionEntity of(CommandContext context, JobEntity job) {
        String id = job.getJobDefinitionId();
        if (id == null || job.getProcessDefinitionId() == null) {
            return null;
        }
        if (!known.containsKey(id)) {
            // All of a model at once: one after the other is asked for.
            context.getJobDefinitionManager()
                    .findByProcessDefinitionId(job.getProcessDefinitionId())
                    .forEach(read -> known.put(read.getId(), unchanging(read)));
        }
        return known.get(id);
    }

    private static JobDefinitionEntity unchanging(JobDefinition read) {
        JobDefinitionEntity named = new JobDefinitionEntity();
        named.setId(read.getId());
        named.setJobType(read.getJobType());
        named.setJobConfiguration(read.getJobConfiguration());
        named.setActivityId(read.getActivityId());
        return named;
    }
}
