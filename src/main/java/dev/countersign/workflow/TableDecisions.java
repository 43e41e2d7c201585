package dev.countersign.workflow;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.camunda.bpm.dmn.engine.DmnDecision;
import org.camunda.bpm.engine.ProcessEngine;
import org.camunda.bpm.engine.impl.cfg.ProcessEngineConfigurationImpl;
import org.camunda.bpm.engine.impl.interceptor.CommandContext;
import org.camunda.bpm.engine.repository.DecisionDefinition;
import org.camunda.bpm.engine.variable.Variables;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** Evaluates the tables of one deployment; the latest version of a key would change running releases. */
@Component
class TableDecisions implements Decisions {
    private final ObjectProvider<ProcessEngine> engine;
    private final Map<String, DecisionDefinition> definitions = new ConcurrentHashMap<>();

    TableDecisions(ObjectProvider<ProcessEngine> engine) {
        this.engine = engine;
    }

    @Override
    public Answered ask(String policy, String decision, Map<String, Object> facts) {
        var configuration = (ProcessEngineConfigurationImpl) engine.getObject().getProcessEngineConfiguration();
        return configuration
                .getCommandExecutorTxRequired()
                .execute(context -> context.runWithoutAuthorization(() -> evaluate(context, policy, decision, facts)));
    }

    private Answered evaluate(CommandContext context, String policy, String decision, Map<String, Object> facts) {
        DecisionDefinition definition =
                definitions.computeIfAbsent(policy + "/" + decision, id -> find(policy, decision));
        var configuration = context.getProcessEngineConfiguration();
        DmnDecision table =
                (DmnDecision) configuration.getDeploymentCache().findDeployedDecisionDefinitionById(definition.getId());
        List<Map<String, Object>> rows =
                configuration.getDmnEngine().evaluateDecision(table, Variables.fromMap(facts)).getResultList().stream()
                        .map(row -> Map.copyOf(entries(row)))
                        .toList();
        return new Answered(decision, decision + " " + definition.getVersionTag(), rows);
    }

    private static Map<String, Object> entries(Map<String, Object> row) {
        var entries = new java.util.LinkedHashMap<>(row);
        entries.values().removeIf(java.util.Objects::isNull);
        return entries;
    }

    private DecisionDefinition find(String policy, String decision) {
        DecisionDefinition definition = engine.getObject()
                .getRepositoryService()
                .createDecisionDefinitionQuery()
                .deploymentId(policy)
                .decisionDefinitionKey(decision)
                .singleResult();
        if (definition == null) {
            throw new IllegalStateException("The deployment " + policy + " has no decision table '" + decision + "'");
        }
        return definition;
    }
}
