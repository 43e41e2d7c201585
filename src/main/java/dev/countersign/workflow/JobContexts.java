package dev.countersign.workflow;

import org.camunda.bpm.engine.impl.cfg.ProcessEngineConfigurationImpl;
import org.camunda.bpm.engine.impl.interceptor.CommandContext;
import org.camunda.bpm.engine.impl.interceptor.CommandContextFactory;
import org.camunda.bpm.engine.impl.persistence.entity.JobDefinitionEntity;
import org.camunda.bpm.engine.impl.persistence.entity.JobEntity;

/** Tells a job its activity before it runs: the engine would read the job's definition to learn it, for each job again. */
class JobContexts extends CommandContextFactory {
    private final JobDefinitions definitions;

    JobContexts(ProcessEngineConfigurationImpl engine, JobDefinitions definitions) {
        setProcessEngineConfiguration(engine);
        this.definitions = definitions;
    }

    @Override
    public CommandContext createCommandContext() {
        return new CommandContext(processEngineConfiguration) {
            @Override
            public void setCurrentJob(JobEntity job) {
                JobDefinitionEntity definition = job == null ? null : definitions.of(this, job);
                if (definition != null) {
                    job.setActivityId(definition.getActivityId());
                }
                super.setCurrentJob(job);
            }
        };
    }
}
