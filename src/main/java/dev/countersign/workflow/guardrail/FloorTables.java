package dev.countersign.workflow.guardrail;

import dev.countersign.workflow.guardrail.Floor.Demand;
import dev.countersign.workflow.guardrail.Floor.TableFloor;
import dev.countersign.workflow.guardrail.ModelSet.DmnFile;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.camunda.bpm.dmn.engine.DmnDecision;
import org.camunda.bpm.dmn.engine.DmnEngine;
import org.camunda.bpm.dmn.engine.delegate.DmnDecisionTableEvaluationEvent;
import org.camunda.bpm.dmn.engine.delegate.DmnDecisionTableEvaluationListener;
import org.camunda.bpm.dmn.engine.impl.DefaultDmnEngineConfiguration;
import org.camunda.bpm.dmn.feel.impl.FeelEngine;
import org.camunda.bpm.dmn.feel.impl.scala.ScalaFeelEngineFactory;
import org.camunda.bpm.engine.variable.Variables;
import org.camunda.bpm.model.dmn.instance.Decision;
import org.camunda.bpm.model.dmn.instance.DecisionTable;
import org.camunda.bpm.model.dmn.instance.InputEntry;
import org.camunda.bpm.model.dmn.instance.OutputEntry;
import org.camunda.bpm.model.dmn.instance.Rule;

/**
 * The floor's limits on decision tables, proven by asking the deployed table itself on every combination of facts that it can tell
 * apart. So that this is a proof and not a sample, a guarded table reads only facts that the floor names, and its cells are constants
 * and comparisons with constants; between two neighbouring constants the answer cannot change.
 */
final class FloorTables {
    private static final int MOST_PROOFS = 200;
    /** The same bytes under the same floor have the same proof; the folder is looked at again and again. */
    private static final Map<Proof, List<Finding>> PROOFS = Collections.synchronizedMap(new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Proof, List<Finding>> eldest) {
            return size() > MOST_PROOFS;
        }
    });

    private record Proof(TableFloor table, String file, String content) {}

    private final Floor floor;
    private final List<Finding> findings = new ArrayList<>();
    private final List<Rule> matched = new ArrayList<>();
    private final DmnEngine engine;
    private Map<String, Rule> rulesById = Map.of();

    FloorTables(Floor floor) {
        this.floor = floor;
        var configuration =
                (DefaultDmnEngineConfiguration) DefaultDmnEngineConfiguration.createDefaultDmnEngineConfiguration();
        DmnDecisionTableEvaluationListener listener = this::remember;
        configuration.getCustomPostDecisionTableEvaluationListeners().add(listener);
        FeelEngine feel = new ScalaFeelEngineFactory().createInstance();
        configuration.setFeelEngineFactory(() -> new RememberedCells(feel, PlainCells::seen));
        engine = configuration.buildEngine();
    }

    List<Finding> check(ModelSet set) {
        List<Finding> all = new ArrayList<>();
        for (DmnFile file : set.dmn()) {
            for (Decision decision : file.decisions()) {
                floor.tables().stream()
                        .filter(table -> table.decision().equals(decision.getId()))
                        .forEach(table -> all.addAll(proven(file, decision, table)));
            }
        }
        return all;
    }

    private List<Finding> proven(DmnFile file, Decision decision, TableFloor table) {
        Proof proof = new Proof(table, file.name(), new String(file.bytes(), StandardCharsets.UTF_8));
        List<Finding> known = PROOFS.get(proof);
        if (known == null) {
            findings.clear();
            check(file, decision, table);
            known = List.copyOf(findings);
            PROOFS.put(proof, known);
        }
        return known;
    }

    private void remember(DmnDecisionTableEvaluationEvent event) {
        matched.clear();
        event.getMatchingRules().forEach(rule -> matched.add(rulesById.get(rule.getId())));
    }

    private void check(DmnFile file, Decision decision, TableFloor table) {
        if (!(decision.getExpression() instanceof DecisionTable rules)
                || !decision.getInformationRequirements().isEmpty()) {
            find(
                    file,
                    "`%s` must be a decision table that needs no other decision, so that its floor can be proven"
                            .formatted(decision.getId()));
            return;
        }
        List<Finding> unprovable = provable(file, rules, table);
        if (!unprovable.isEmpty()) {
            findings.addAll(unprovable);
            return;
        }
        rulesById = rules.getRules().stream().collect(Collectors.toMap(Rule::getId, rule -> rule));
        List<Map<String, Object>> combinations;
        try {
            combinations = new FactSpace(rules, table).combinations();
        } catch (FactSpace.TooMany many) {
            find(file, many.getMessage());
            return;
        }
        DmnDecision parsed = engine.parseDecision(decision.getId(), new ByteArrayInputStream(file.bytes()));
        Set<Demand> broken = new LinkedHashSet<>();
        for (Map<String, Object> facts : combinations) {
            List<Map<String, Object>> answer;
            try {
                matched.clear();
                answer = engine.evaluateDecisionTable(parsed, Variables.fromMap(facts))
                        .getResultList();
            } catch (RuntimeException undecided) {
                find(
                        file,
                        "`%s` cannot answer for %s: %s"
                                .formatted(decision.getId(), say(facts), undecided.getMessage()));
                return;
            }
            TableAnswer given = new TableAnswer(facts, answer, new AnsweringRows(rules, matched));
            for (Demand demand : table.demands()) {
                if (!broken.contains(demand) && given.concerns(demand)) {
                    String wrong = given.wrong(demand);
                    if (wrong != null) {
                        broken.add(demand);
                        find(
                                file,
                                "`%s` %s, for %s. %s".formatted(decision.getId(), wrong, say(facts), demand.because()));
                    }
                }
            }
        }
    }

    /** What keeps the table from being provable. */
    private static List<Finding> provable(DmnFile file, DecisionTable rules, TableFloor table) {
        FactSpace space = new FactSpace(rules, table);
        String known = String.join(", ", space.known());
        List<String> wrong = new ArrayList<>();
        space.strange()
                .forEach(input ->
                        wrong.add("the input `%s` asks `%s`, which is not among the facts that the floor knows: %s"
                                .formatted(input.getId(), FactSpace.fact(input), known)));
        int row = 0;
        for (Rule rule : rules.getRules()) {
            row++;
            String where = "row %d (%s)".formatted(row, AnsweringRows.describe(rule));
            for (InputEntry cell : rule.getInputEntries()) {
                String text = cell.getTextContent().strip();
                if (!PlainCells.isComparison(text)) {
                    wrong.add("%s: the cell `%s` must compare with constants only".formatted(where, text));
                }
            }
            for (OutputEntry cell : rule.getOutputEntries()) {
                String text = cell.getTextContent().strip();
                if (!PlainCells.isConstant(text) && !space.known().containsAll(PlainCells.names(text))) {
                    wrong.add("%s: the answer `%s` must be a constant, or compare facts that the floor knows: %s"
                            .formatted(where, text, known));
                }
            }
        }
        return wrong.stream()
                .map(message -> new Finding("floor", file.name(), message))
                .toList();
    }

    static String say(Map<String, Object> facts) {
        return facts.entrySet().stream()
                .map(fact -> fact.getKey() + " = " + fact.getValue())
                .collect(Collectors.joining(", "));
    }

    private void find(DmnFile file, String message) {
        findings.add(new Finding("floor", file.name(), message));
    }
}
