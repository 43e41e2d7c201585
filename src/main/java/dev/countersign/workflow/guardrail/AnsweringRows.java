package dev.countersign.workflow.guardrail;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.camunda.bpm.model.dmn.instance.DecisionTable;
import org.camunda.bpm.model.dmn.instance.Rule;

/**
 * Which rows of a table gave an answer, in words.
 *
 * @param matched rows, in the order of the answer
 */
record AnsweringRows(DecisionTable rules, List<Rule> matched) {
    String by(int index) {
        return index < matched.size() ? " (" + row(matched.get(index)) + ")" : by();
    }

    String by() {
        return matched.isEmpty()
                ? " (no row matches)"
                : matched.stream().map(this::row).collect(Collectors.joining(", ", " (answering ", ")"));
    }

    /** The rows that would answer what is missing, to show where the hole is. */
    String nearest(Map<String, Object> wanted) {
        String texts = rules.getRules().stream()
                .filter(rule -> wanted.values().stream()
                        .filter(String.class::isInstance)
                        .allMatch(value -> rule.getOutputEntries().stream()
                                .anyMatch(cell -> cell.getTextContent().strip().equals("\"" + value + "\""))))
                .map(this::row)
                .collect(Collectors.joining(", "));
        return texts.isEmpty() ? "; no row of the table answers it" : "; it is answered only by " + texts;
    }

    private String row(Rule rule) {
        return "row " + (List.copyOf(rules.getRules()).indexOf(rule) + 1) + " `" + rule.getId() + "`: "
                + describe(rule);
    }

    static String describe(Rule rule) {
        return rule.getDescription() == null
                ? "not described"
                : rule.getDescription().getTextContent().strip();
    }
}
