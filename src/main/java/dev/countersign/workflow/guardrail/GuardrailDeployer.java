package dev.countersign.workflow.guardrail;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.camunda.bpm.engine.impl.persistence.deploy.Deployer;
import org.camunda.bpm.engine.impl.persistence.entity.DeploymentEntity;

/**
 * Checks a deployment inside its own transaction, before the engine's deployers see it. Deployers run again whenever a definition is
 * loaded into the cache; only a new deployment is checked, or running releases would break when the rules change.
 */
public final class GuardrailDeployer implements Deployer {
    private final Supplier<Floor> floor;
    private final KnownBeans beans;

    public GuardrailDeployer(Supplier<Floor> floor, KnownBeans beans) {
        this.floor = floor;
        this.beans = beans;
    }

    @Override
    public void deploy(DeploymentEntity deployment) {
        if (!deployment.isNew()) {
            return;
        }
        Map<String, byte[]> resources = deployment.getResources().values().stream()
                .collect(Collectors.toMap(resource -> resource.getName(), resource -> resource.getBytes()));
        List<Finding> findings = Guardrail.check(ModelSet.of(resources), floor.get(), beans);
        if (!findings.isEmpty()) {
            throw new ModelsRefused(findings);
        }
    }
}
