package dev.countersign.workflow;

import dev.countersign.workflow.guardrail.GuardrailDeployer;
import java.io.ByteArrayInputStream;
import java.util.Map;
import java.util.Optional;
import org.camunda.bpm.engine.ProcessEngine;
import org.camunda.bpm.engine.impl.cfg.ProcessEngineConfigurationImpl;
import org.camunda.bpm.engine.repository.Deployment;
import org.camunda.bpm.engine.repository.DeploymentBuilder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/**
 * Deploys models, tables and forms as one set. A part alone would leave a parent, bound to its own deployment, without its children.
 * What is deployed, and when, says {@link PolicyChanges}.
 */
@Component
public class ModelDeployment {
    private static final Logger LOG = LoggerFactory.getLogger(ModelDeployment.class);
    private static final String NAME = GuardrailDeployer.NAME;
    private final ObjectProvider<ProcessEngine> engine;

    ModelDeployment(ObjectProvider<ProcessEngine> engine) {
        this.engine = engine;
    }

    /**
     * Deploys the set, unless it is what was deployed last.
     *
     * @param digest over the set
     */
    public void deploy(String digest, Map<String, byte[]> files) {
        withoutAuthorization(() -> {
            if (latest().map(Deployment::getSource).filter(digest::equals).isPresent()) {
                return null;
            }
            DeploymentBuilder deployment = engine.getObject()
                    .getRepositoryService()
                    .createDeployment()
                    .name(NAME)
                    .source(digest);
            files.forEach((name, bytes) -> deployment.addInputStream(name, new ByteArrayInputStream(bytes)));
            LOG.info(
                    "Deployed {} models, tables and forms as {}",
                    files.size(),
                    deployment.deploy().getId());
            return null;
        });
    }

    /** The deployment that new releases run under. */
    public String current() {
        return withoutAuthorization(this::latest)
                .orElseThrow(() -> new IllegalStateException("No models are deployed yet"))
                .getId();
    }

    /** Only what was approved can bear the name: see the guardrails. */
    private Optional<Deployment> latest() {
        return engine
                .getObject()
                .getRepositoryService()
                .createDeploymentQuery()
                .deploymentName(NAME)
                .orderByDeploymentTime()
                .desc()
                .listPage(0, 1)
                .stream()
                .findFirst();
    }

    private <T> T withoutAuthorization(java.util.concurrent.Callable<T> work) {
        var configuration = (ProcessEngineConfigurationImpl) engine.getObject().getProcessEngineConfiguration();
        return configuration.getCommandExecutorTxRequired().execute(context -> context.runWithoutAuthorization(work));
    }
}
