package dev.countersign.workflow;

import java.io.ByteArrayInputStream;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.camunda.bpm.dmn.engine.DmnDecision;
import org.camunda.bpm.dmn.engine.DmnEngine;
import org.camunda.bpm.dmn.engine.DmnEngineConfiguration;
import org.camunda.bpm.engine.ProcessEngine;
import org.camunda.bpm.engine.impl.cfg.ProcessEngineConfigurationImpl;
import org.camunda.bpm.engine.impl.persistence.entity.ResourceEntity;
import org.camunda.bpm.engine.repository.DecisionDefinition;
import org.camunda.bpm.engine.variable.Variables;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/**
 * Evaluates the tables of one deployment; the latest version of a key would change running releases. A decision engine of its own: asking writes nothing, so that
 * pages may ask too. What was asked and answered stands in the timeline.
 */
@Component
class TableDecisions implements Decisions {
    private final ObjectProvider<ProcessEngine> engine;
    private final DmnEngine tables =
            DmnEngineConfiguration.createDefaultDmnEngineConfiguration().buildEngine();
    /** By deployment. What was deployed does not change. */
    private final Map<String, Map<String, Table>> known = new ConcurrentHashMap<>();

    TableDecisions(ObjectProvider<ProcessEngine> engine) {
        this.engine = engine;
    }

    private record Table(String version, DmnDecision decision) {}

    @Override
    public Answered ask(String policy, String decision, Map<String, Object> facts) {
        Table table = of(policy).get(decision);
        if (table == null) {
            throw new IllegalStateException("The deployment " + policy + " has no decision table '" + decision + "'");
        }
        List<Map<String, Object>> rows =
                tables.evaluateDecision(table.decision(), Variables.fromMap(facts)).getResultList().stream()
                        .map(TableDecisions::entries)
                        .toList();
        return new Answered(decision, decision + " " + table.version(), rows);
    }

    @Override
    public boolean knows(String policy, String decision) {
        return of(policy).containsKey(decision);
    }

    private Map<String, Table> of(String policy) {
        Map<String, Table> loaded = known.get(policy);
        if (loaded == null) {
            loaded = load(policy);
            if (!loaded.isEmpty()) {
                known.put(policy, loaded);
            }
        }
        return loaded;
    }

    private static Map<String, Object> entries(Map<String, Object> row) {
        Map<String, Object> entries = new LinkedHashMap<>(row);
        entries.values().removeIf(Objects::isNull);
        return Map.copyOf(entries);
    }

    /** All tables of a deployment at once: whoever asks one asks others of it. */
    private Map<String, Table> load(String policy) {
        var configuration = (ProcessEngineConfigurationImpl) engine.getObject().getProcessEngineConfiguration();
        return configuration
                .getCommandExecutorTxRequired()
                .execute(context -> context.runWithoutAuthorization(() -> {
                    Map<String, byte[]> files =
                            context.getResourceManager().findResourcesByDeploymentId(policy).stream()
                                    .collect(Collectors.toMap(ResourceEntity::getName, ResourceEntity::getBytes));
                    Map<String, Table> tables = new HashMap<>();
                    configuration
                            .getRepositoryService()
                            .createDecisionDefinitionQuery()
                            .deploymentId(policy)
                            .list()
                            .forEach(definition -> tables.put(
                                    definition.getKey(), table(definition, files.get(definition.getResourceName()))));
                    return Map.copyOf(tables);
                }));
    }

    private Table table(DecisionDefinition definition, byte[] xml) {
        return new Table(
                definition.getVersionTag(), tables.parseDecision(definition.getKey(), new ByteArrayInputStream(xml)));
    }
}
