package dev.countersign.workflow.policy;

import dev.countersign.workflow.PolicyChanges.InForce;
import dev.countersign.workflow.guardrail.Finding;
import dev.countersign.workflow.guardrail.Floor;
import dev.countersign.workflow.guardrail.GuardrailDeployer;
import dev.countersign.workflow.guardrail.KnownBeans;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.camunda.bpm.engine.impl.cfg.AbstractProcessEnginePlugin;
import org.camunda.bpm.engine.impl.cfg.ProcessEngineConfigurationImpl;
import org.camunda.bpm.engine.impl.persistence.deploy.Deployer;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** Puts the guardrails before every deployment: the floor in force, and that controlled models were approved. */
@Component
class GuardrailPlugin extends AbstractProcessEnginePlugin {
    private final ObjectProvider<PolicyVersions> store;
    private final KnownBeans beans;
    private final ObjectProvider<PolicyRecord> record;

    GuardrailPlugin(ObjectProvider<PolicyVersions> store, KnownBeans beans, ObjectProvider<PolicyRecord> record) {
        this.store = store;
        this.beans = beans;
        this.record = record;
    }

    @Override
    public void preInit(ProcessEngineConfigurationImpl engine) {
        List<Deployer> deployers =
                new ArrayList<>(List.of(new GuardrailDeployer(this::floor, beans, this::isApproved, this::refused)));
        if (engine.getCustomPreDeployers() != null) {
            deployers.addAll(engine.getCustomPreDeployers());
        }
        engine.setCustomPreDeployers(deployers);
    }

    private Floor floor() {
        return Floor.read(store.getObject()
                .fileInForce(ModelsSource.NAME, ModelsSource.FLOOR)
                .orElseThrow(() -> new IllegalStateException("No floor is in force: nothing can be deployed")));
    }

    private void refused(String deployment, Map<String, byte[]> files, List<Finding> findings) {
        record.getObject().deploymentRefused(deployment, files, findings);
    }

    private boolean isApproved(Map<String, byte[]> resources) {
        return store.getObject()
                .inForce(ModelsSource.NAME)
                .map(InForce::digest)
                .filter(Digests.ofSet(resources)::equals)
                .isPresent();
    }
}
