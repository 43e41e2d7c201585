package dev.countersign.workflow;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.camunda.bpm.dmn.engine.DmnDecision;
import org.camunda.bpm.dmn.engine.DmnEngine;
import org.camunda.bpm.dmn.engine.DmnEngineConfiguration;
import org.camunda.bpm.engine.ProcessEngine;
import org.camunda.bpm.engine.RepositoryService;
import org.camunda.bpm.engine.impl.cfg.ProcessEngineConfigurationImpl;
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
    private final Map<String, Table> known = new ConcurrentHashMap<>();
    private final Map<String, Boolean> there = new ConcurrentHashMap<>();

    TableDecisions(ObjectProvider<ProcessEngine> engine) {
        this.engine = engine;
    }

    private record Table(String version, DmnDecision decision) {}

    @Override
    public Answered ask(String policy, String decision, Map<String, Object> facts) {
        Table table = known.computeIfAbsent(policy + "/" + decision, id -> load(policy, decision));
        List<Map<String, Object>> rows =
                tables.evaluateDecision(table.decision(), Variables.fromMap(facts)).getResultList().stream()
                        .map(TableDecisions::entries)
                        .toList();
        return new Answered(decision, decision + " " + table.version(), rows);
    }

    @Override
    public boolean knows(String policy, String decision) {
        return there.computeIfAbsent(policy + "/" + decision, id -> {
            var configuration =
                    (ProcessEngineConfigurationImpl) engine.getObject().getProcessEngineConfiguration();
            return configuration
                    .getCommandExecutorTxRequired()
                    .execute(context -> context.runWithoutAuthorization(() -> configuration
                                    .getRepositoryService()
                                    .createDecisionDefinitionQuery()
                                    .deploymentId(policy)
                                    .decisionDefinitionKey(decision)
                                    .count()
                            > 0));
        });
    }

    private static Map<String, Object> entries(Map<String, Object> row) {
        Map<String, Object> entries = new LinkedHashMap<>(row);
        entries.values().removeIf(Objects::isNull);
        return Map.copyOf(entries);
    }

    private Table load(String policy, String decision) {
        var configuration = (ProcessEngineConfigurationImpl) engine.getObject().getProcessEngineConfiguration();
        return configuration
                .getCommandExecutorTxRequired()
                .execute(context -> context.runWithoutAuthorization(() -> {
                    RepositoryService repository = configuration.getRepositoryService();
                    DecisionDefinition definition = repository
                            .createDecisionDefinitionQuery()
                            .deploymentId(policy)
                            .decisionDefinitionKey(decision)
                            .singleResult();
                    if (definition == null) {
                        throw new IllegalStateException(
                                "The deployment " + policy + " has no decision table '" + decision + "'");
                    }
                    try (InputStream xml = repository.getDecisionModel(definition.getId())) {
                        DmnDecision parsed =
                                tables.parseDecision(decision, new ByteArrayInputStream(xml.readAllBytes()));
                        return new Table(definition.getVersionTag(), parsed);
                    } catch (IOException unreadable) {
                        throw new UncheckedIOException(
                                "The decision table '" + decision + "' cannot be read", unreadable);
                    }
                }));
    }
}
