package dev.countersign.workflow.guardrail;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.camunda.bpm.dmn.feel.impl.FeelEngine;
import org.camunda.bpm.engine.variable.context.VariableContext;
import org.camunda.bpm.engine.variable.value.TypedValue;

/**
 * The engine's own FEEL, which answers a question once. A table is asked about tens of thousands of combinations of facts, whose cells see the same few values
 * over and over: a cell compares its column's value with constants, and an answer sees only the facts that it names.
 */
final class RememberedCells implements FeelEngine {
    private record Asked(String text, List<Object> values) {}

    private final FeelEngine feel;
    private final Function<String, Optional<Set<String>>> names;
    private final Map<String, Optional<Set<String>>> namesOf = new HashMap<>();
    private final Map<Asked, Boolean> tests = new HashMap<>();
    private final Map<Asked, Optional<Object>> answers = new HashMap<>();

    /** With the facts that an expression names; none for one that sees more than it names, which is asked each time. */
    RememberedCells(FeelEngine feel, Function<String, Optional<Set<String>>> names) {
        this.feel = feel;
        this.names = names;
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T> T evaluateSimpleExpression(String text, VariableContext facts) {
        Optional<Set<String>> seen = namesOf.computeIfAbsent(text, names);
        if (seen.isEmpty()) {
            return feel.evaluateSimpleExpression(text, facts);
        }
        Object[] values = seen.get().stream().map(name -> value(facts, name)).toArray();
        return (T) answers.computeIfAbsent(
                        new Asked(text, Arrays.asList(values)),
                        asked -> Optional.ofNullable(feel.evaluateSimpleExpression(text, facts)))
                .orElse(null);
    }

    @Override
    public boolean evaluateSimpleUnaryTests(String text, String input, VariableContext facts) {
        return tests.computeIfAbsent(
                new Asked(text, Arrays.asList(value(facts, input))),
                asked -> feel.evaluateSimpleUnaryTests(text, input, facts));
    }

    private static Object value(VariableContext facts, String name) {
        TypedValue value = facts.resolve(name);
        return value == null ? null : value.getValue();
    }
}
