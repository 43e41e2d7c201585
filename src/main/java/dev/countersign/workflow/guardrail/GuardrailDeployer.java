package dev.countersign.workflow.guardrail;

import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.camunda.bpm.engine.impl.persistence.deploy.Deployer;
import org.camunda.bpm.engine.impl.persistence.entity.DeploymentEntity;

/**
 * Checks a deployment inside its own transaction, before the engine's deployers see it. Deployers run again whenever a definition is
 * loaded into the cache; only a new deployment is checked, or running releases would break when the rules change.
 */
public final class GuardrailDeployer implements Deployer {
    /** The name under which the set in force is found again. */
    public static final String NAME = "countersign";

    private final Supplier<Floor> floor;
    private final KnownBeans beans;
    private final Predicate<Map<String, byte[]>> approved;
    private final Refusals refusals;

    /** Hears of each refusal, in the transaction that it rolls back. */
    public interface Refusals {
        void refused(String deployment, Map<String, byte[]> files, List<Finding> findings);
    }

    /**
     * @param approved whether a set that touches controlled models was approved by two persons
     * @param refusals who keeps them
     */
    public GuardrailDeployer(
            Supplier<Floor> floor, KnownBeans beans, Predicate<Map<String, byte[]>> approved, Refusals refusals) {
        this.floor = floor;
        this.beans = beans;
        this.approved = approved;
        this.refusals = refusals;
    }

    @Override
    public void deploy(DeploymentEntity deployment) {
        if (!deployment.isNew()) {
            return;
        }
        Map<String, byte[]> resources = deployment.getResources().values().stream()
                .collect(Collectors.toMap(resource -> resource.getName(), resource -> resource.getBytes()));
        ModelSet set = ModelSet.of(resources);
        Floor inForce = floor.get();
        List<Finding> findings = Guardrail.check(set, inForce, beans);
        boolean bearsName = NAME.equals(deployment.getName());
        if (findings.isEmpty()
                && (bearsName || Guardrail.isControlled(set, inForce, beans))
                && !approved.test(resources)) {
            findings = List.of(new Finding(
                    "approval",
                    "deployment",
                    "controlled models take effect when a second person has approved the change: put the files into the folder of the"
                            + " models, and complete the tasks that appear"));
        }
        if (!findings.isEmpty()) {
            refusals.refused(deployment.getName(), resources, findings);
            throw new ModelsRefused(findings);
        }
    }
}
