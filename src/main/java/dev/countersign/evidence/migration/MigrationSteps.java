package dev.countersign.evidence.migration;

import dev.countersign.workflow.ReleaseStep;
import org.camunda.bpm.engine.delegate.BpmnError;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The steps of staged-rollout that look into a service's database, by their ids in the model. */
@Configuration(proxyBeanMethods = false)
class MigrationSteps {
    @Bean
    ReleaseStep measureDatabase(MigrationChecks checks) {
        return ReleaseStep.remoteStep((key, execution) -> {
            try {
                checks.before(key);
            } catch (DatabaseUnready failed) {
                throw new BpmnError("databaseUnready", failed.getMessage());
            }
        });
    }

    @Bean
    ReleaseStep checkDatabase(MigrationChecks checks) {
        return ReleaseStep.remoteStep((key, execution) -> execution.setVariable("databaseIntact", checks.after(key)));
    }
}
