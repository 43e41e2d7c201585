package dev.countersign.workflow.guardrail;

import dev.countersign.workflow.guardrail.Floor.Demand;
import dev.countersign.workflow.guardrail.Floor.Limit;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;

/**
 * What a table answers for one combination of facts, held to the demands of the floor.
 *
 * @param rows that gave the answer
 */
record TableAnswer(Map<String, Object> facts, List<Map<String, Object>> answer, AnsweringRows rows) {
    boolean concerns(Demand demand) {
        return demand.when() == null
                || demand.when().entrySet().stream()
                        .allMatch(fact -> fact.getValue().contains(facts.get(fact.getKey())));
    }

    /** What breaks the demand, in words; null where it holds. */
    String wrong(Demand demand) {
        if (demand.rows() != null && answer.size() < demand.rows()) {
            return "answers with %d row(s) where at least %d are due%s"
                    .formatted(answer.size(), demand.rows(), rows.by());
        }
        if (demand.answers() != null) {
            for (Map<String, Object> wanted : demand.answers()) {
                if (answer.stream().noneMatch(row -> holds(row, wanted))) {
                    return "can answer without `%s`%s%s"
                            .formatted(FloorTables.say(wanted), rows.by(), rows.nearest(wanted));
                }
            }
        }
        if (demand.never() != null) {
            for (Map<String, Object> refused : demand.never()) {
                for (int index = 0; index < answer.size(); index++) {
                    if (holds(answer.get(index), refused)) {
                        return "answers `%s`%s".formatted(FloorTables.say(refused), rows.by(index));
                    }
                }
            }
        }
        if (demand.first() != null && !answer.isEmpty()) {
            int first = first(demand);
            String wrong = beyond(demand.first(), first);
            if (wrong != null) {
                return wrong;
            }
        }
        if (demand.every() != null) {
            for (int index = 0; index < answer.size(); index++) {
                String wrong = beyond(demand.every(), index);
                if (wrong != null) {
                    return wrong;
                }
            }
        }
        return null;
    }

    private int first(Demand demand) {
        int first = 0;
        for (int index = 1; demand.firstBy() != null && index < answer.size(); index++) {
            if (number(answer.get(index), demand.firstBy()) < number(answer.get(first), demand.firstBy())) {
                first = index;
            }
        }
        return first;
    }

    /** A row that does not say counts as the first: nobody knows where it stands. */
    private static double number(Map<String, Object> row, String column) {
        return row.get(column) instanceof Number number ? number.doubleValue() : Double.NEGATIVE_INFINITY;
    }

    private static boolean holds(Map<String, Object> row, Map<String, Object> wanted) {
        return wanted.entrySet().stream()
                .allMatch(entry -> entry.getValue() instanceof List<?> any
                        ? any.stream().anyMatch(value -> same(row.get(entry.getKey()), value))
                        : same(row.get(entry.getKey()), entry.getValue()));
    }

    private static boolean same(Object left, Object right) {
        if (left instanceof Number a && right instanceof Number b) {
            return a.doubleValue() == b.doubleValue();
        }
        return left != null && left.equals(right);
    }

    private String beyond(Map<String, Limit> limits, int index) {
        for (var entry : limits.entrySet()) {
            Object value = answer.get(index).get(entry.getKey());
            String wrong = beyond(entry.getValue(), value);
            if (wrong != null) {
                return "answers %s = %s, %s%s".formatted(entry.getKey(), value, wrong, rows.by(index));
            }
        }
        return null;
    }

    private String beyond(Limit limit, Object value) {
        if (limit.atMost() != null && !(value instanceof Number number && number.doubleValue() <= limit.atMost())) {
            return "over the limit of " + limit.atMost();
        }
        if (limit.atLeast() != null && !(value instanceof Number number && number.doubleValue() >= limit.atLeast())) {
            return "under the limit of " + limit.atLeast();
        }
        if (limit.noLongerThan() != null && compare(value, limit.noLongerThan()) > 0) {
            return "longer than " + limit.noLongerThan();
        }
        if (limit.noShorterThan() != null && compare(limit.noShorterThan(), value) > 0) {
            return "shorter than " + limit.noShorterThan();
        }
        // Null among what is allowed: the column may be left out.
        if (limit.oneOf() != null
                && limit.oneOf().stream()
                        .noneMatch(allowed -> allowed == null ? value == null : same(value, allowed))) {
            return "which is none of " + limit.oneOf();
        }
        if (limit.noneOf() != null && limit.noneOf().stream().anyMatch(refused -> same(value, refused))) {
            return "which the floor excludes";
        }
        if (limit.order() != null
                && limit.order().indexOf(String.valueOf(value))
                        < limit.order().indexOf(String.valueOf(facts.get(limit.notBelow())))) {
            return "weaker than " + limit.notBelow() + " = " + facts.get(limit.notBelow());
        }
        return null;
    }

    /** Compares two ISO durations; what is none is beyond every limit. */
    private static int compare(Object left, Object right) {
        try {
            return Duration.parse(String.valueOf(left)).compareTo(Duration.parse(String.valueOf(right)));
        } catch (DateTimeParseException noDuration) {
            return 1;
        }
    }
}
