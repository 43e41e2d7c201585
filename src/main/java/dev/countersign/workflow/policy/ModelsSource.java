package dev.countersign.workflow.policy;

import dev.countersign.workflow.ModelDeployment;
import dev.countersign.workflow.PolicySource;
import dev.countersign.workflow.guardrail.DrawingRules;
import dev.countersign.workflow.guardrail.Finding;
import dev.countersign.workflow.guardrail.Floor;
import dev.countersign.workflow.guardrail.Guardrail;
import dev.countersign.workflow.guardrail.KnownBeans;
import dev.countersign.workflow.guardrail.ModelSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.springframework.core.annotation.Order;
import org.springframework.core.io.support.ResourcePatternResolver;
import org.springframework.stereotype.Component;

/** Models, tables, forms and the floor. They are deployed together, so that a parent finds the children it was approved with. */
@Component
@Order(0)
class ModelsSource implements PolicySource {
    static final String NAME = "models";
    static final String FLOOR = "floor.yaml";
    private final ModelFolder folder;
    private final ModelDeployment deployment;
    private final KnownBeans beans;

    ModelsSource(
            PolicyProperties properties,
            ResourcePatternResolver resources,
            ModelDeployment deployment,
            KnownBeans beans) {
        this.folder = new ModelFolder(resources, properties.processes(), properties.forms());
        this.deployment = deployment;
        this.beans = beans;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Map<String, byte[]> files() {
        return folder.read();
    }

    /** The set stands above the floor that comes with it; whether that floor may come is for compliance to say. */
    @Override
    public List<String> problems(Map<String, byte[]> files) {
        if (!files.containsKey(FLOOR)) {
            return List.of("floor.yaml is missing");
        }
        Floor floor;
        try {
            floor = Floor.read(files.get(FLOOR));
        } catch (IllegalArgumentException broken) {
            return List.of(broken.getMessage());
        }
        ModelSet set = ModelSet.of(files);
        List<Finding> findings = new ArrayList<>(Guardrail.check(set, floor, beans));
        findings.addAll(DrawingRules.check(set, beans));
        return findings.stream().map(Finding::toString).toList();
    }

    @Override
    public boolean concernsCompliance(Map<String, byte[]> before, Map<String, byte[]> after) {
        return !Arrays.equals(before.get(FLOOR), after.get(FLOOR));
    }

    @Override
    public void activate(Map<String, byte[]> files) {
        deployment.deploy(Digests.ofSet(files), files);
    }

    String current() {
        return deployment.current();
    }
}
