package dev.countersign.workflow.guardrail;

import dev.countersign.workflow.guardrail.Floor.Demand;
import dev.countersign.workflow.guardrail.Floor.Limit;
import dev.countersign.workflow.guardrail.Floor.TableFloor;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.camunda.bpm.model.dmn.instance.DecisionTable;
import org.camunda.bpm.model.dmn.instance.Input;
import org.camunda.bpm.model.dmn.instance.Rule;

/** Every combination of facts that a table can tell apart. */
final class FactSpace {
    private static final int MOST_COMBINATIONS = 60_000;
    private static final String OTHER = "something else";

    private final DecisionTable rules;
    private final TableFloor table;
    private final List<Input> inputs;

    FactSpace(DecisionTable rules, TableFloor table) {
        this.rules = rules;
        this.table = table;
        this.inputs = List.copyOf(rules.getInputs());
    }

    /** Inputs that ask what the floor does not know. */
    List<Input> strange() {
        return inputs.stream().filter(input -> !known().contains(fact(input))).toList();
    }

    /** The facts that the floor knows. */
    Set<String> known() {
        Set<String> known = new TreeSet<>(table.facts().keySet());
        if (table.numbers() != null) {
            known.addAll(table.numbers());
        }
        if (table.texts() != null) {
            known.addAll(table.texts());
        }
        return known;
    }

    static String fact(Input input) {
        return input.getInputExpression() == null || input.getInputExpression().getText() == null
                ? ""
                : input.getInputExpression().getText().getTextContent().strip();
    }

    /** @throws TooMany where nobody could ask them all */
    List<Map<String, Object>> combinations() {
        List<Map<String, Object>> combinations = List.of(Map.of());
        for (var dimension : dimensions().entrySet()) {
            List<Map<String, Object>> more = new ArrayList<>();
            for (Map<String, Object> facts : combinations) {
                for (Object value : dimension.getValue()) {
                    Map<String, Object> one = new LinkedHashMap<>(facts);
                    one.put(dimension.getKey(), value);
                    more.add(one);
                }
            }
            if (more.size() > MOST_COMBINATIONS) {
                throw new TooMany();
            }
            combinations = more;
        }
        return combinations;
    }

    private Map<String, Collection<Object>> dimensions() {
        Set<String> mattering = asked();
        mattering.addAll(demanded());
        Map<String, Collection<Object>> space = new LinkedHashMap<>();
        // A fact that neither the table nor the floor asks cannot change the answer: one value stands for all.
        table.facts()
                .forEach((fact, values) -> space.put(fact, mattering.contains(fact) ? values : values.subList(0, 1)));
        for (int column = 0; column < inputs.size(); column++) {
            String fact = fact(inputs.get(column));
            if (!space.containsKey(fact)) {
                boolean number = table.numbers() != null && table.numbers().contains(fact);
                space.put(fact, number ? numbers(column, isWhole(inputs.get(column))) : texts(column));
            }
        }
        return space;
    }

    /** The facts on which an answer of the table may depend. */
    private Set<String> asked() {
        Set<String> asked = new LinkedHashSet<>();
        for (int column = 0; column < inputs.size(); column++) {
            if (asksAnything(column)) {
                asked.add(fact(inputs.get(column)));
            }
        }
        rules.getRules().stream()
                .flatMap(rule -> rule.getOutputEntries().stream())
                .map(cell -> cell.getTextContent().strip())
                .filter(text -> !PlainCells.isConstant(text))
                .forEach(text -> asked.addAll(PlainCells.names(text)));
        return asked;
    }

    /** The facts on which a demand of the floor depends. */
    private Set<String> demanded() {
        Set<String> demanded = table.demands().stream()
                .flatMap(demand -> demand.when() == null ? Stream.empty() : demand.when().keySet().stream())
                .collect(Collectors.toSet());
        table.demands().stream()
                .flatMap(FactSpace::limits)
                .map(Limit::notBelow)
                .filter(fact -> fact != null)
                .forEach(demanded::add);
        return demanded;
    }

    private static Stream<Limit> limits(Demand demand) {
        return Stream.of(demand.first(), demand.every())
                .filter(limits -> limits != null)
                .flatMap(limits -> limits.values().stream());
    }

    /** A column whose cells are all empty cannot change an answer. */
    private boolean asksAnything(int column) {
        return cells(column).map(String::strip).anyMatch(cell -> !cell.isEmpty() && !cell.equals("-"));
    }

    private static boolean isWhole(Input input) {
        return input.getInputExpression() != null
                && Set.of("integer", "long")
                        .contains(String.valueOf(input.getInputExpression().getTypeRef()));
    }

    /** Each constant of a column and a value on either side of it. */
    private Collection<Object> numbers(int column, boolean whole) {
        TreeSet<BigDecimal> bounds = cells(column)
                .flatMap(cell -> PlainCells.numbers(cell).stream())
                .collect(Collectors.toCollection(TreeSet::new));
        if (bounds.isEmpty()) {
            bounds.add(BigDecimal.ZERO);
        }
        TreeSet<BigDecimal> values = new TreeSet<>(bounds);
        values.add(bounds.first().subtract(BigDecimal.ONE));
        values.add(bounds.last().add(BigDecimal.ONE));
        BigDecimal before = null;
        for (BigDecimal bound : bounds) {
            if (before != null && whole) {
                values.add(before.add(BigDecimal.ONE));
            } else if (before != null) {
                values.add(before.add(bound).divide(BigDecimal.valueOf(2)));
            }
            before = bound;
        }
        return values.stream()
                .map(value -> whole ? (Object) value.intValueExact() : value.doubleValue())
                .toList();
    }

    private Collection<Object> texts(int column) {
        Set<Object> values = new LinkedHashSet<>(List.of(OTHER));
        cells(column).forEach(cell -> values.addAll(PlainCells.texts(cell)));
        return values;
    }

    private Stream<String> cells(int column) {
        return rules.getRules().stream()
                .map((Rule rule) ->
                        List.copyOf(rule.getInputEntries()).get(column).getTextContent());
    }

    /** More combinations than can be asked. */
    static final class TooMany extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private TooMany() {
            super("the table tells more than %d combinations of facts apart; its floor cannot be proven"
                    .formatted(MOST_COMBINATIONS));
        }
    }
}
