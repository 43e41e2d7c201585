package dev.countersign.workflow.guardrail;

import dev.countersign.workflow.guardrail.Floor.Demand;
import dev.countersign.workflow.guardrail.Floor.Limit;
import dev.countersign.workflow.guardrail.Floor.TableFloor;
import dev.countersign.workflow.guardrail.ModelSet.DmnFile;
import java.io.ByteArrayInputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
import org.camunda.bpm.model.dmn.instance.Input;
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
    private static final int MOST_COMBINATIONS = 60_000;
    private static final Pattern TEXT = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final Pattern NUMBER = Pattern.compile("(?<![\\w\"])-?\\d+(?:\\.\\d+)?");
    private static final String OTHER = "something else";
    /** What a cell is made of. Taken away one after the other, since a pattern for the whole could backtrack for ever. */
    private static final Pattern TOKEN =
            Pattern.compile("\\s++|not\\s*+\\(|\\)|\\(|\\[|]|<=|>=|<|>|=|\\.\\.|,|-(?=\\s*+$)|true|false|null"
                    + "|-?\\d++(?:\\.\\d++)?|\"(?:[^\"\\\\]|\\\\.)*+\"");

    private static final Pattern CONSTANT =
            Pattern.compile("|true|false|null|-?\\d+(?:\\.\\d+)?|\"(?:[^\"\\\\]|\\\\.)*\"");

    /** Comparisons joined by and, or, not: no function is called, since a name before a bracket is one of these words. */
    private static final Pattern PLAIN =
            Pattern.compile("(?!.*\\b(?!and\\b|or\\b|not\\b)\\w+\\s*\\()[\\w\\s=!<>().-]*", Pattern.DOTALL);

    private static final Pattern WORD = Pattern.compile("[A-Za-z_]\\w*");
    private static final Set<String> WORDS = Set.of("and", "or", "not", "true", "false", "null");
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
        configuration.setFeelEngineFactory(() -> new RememberedCells(feel, FloorTables::seen));
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
        List<Map<String, Object>> combinations = combinations(file, rules, table);
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
            for (Demand demand : table.demands()) {
                if (!broken.contains(demand) && concerns(demand, facts)) {
                    String wrong = wrong(demand, facts, answer, rules);
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
    private List<Finding> provable(DmnFile file, DecisionTable rules, TableFloor table) {
        List<Finding> wrong = new ArrayList<>();
        for (Input input : rules.getInputs()) {
            String fact = fact(input);
            if (!table.facts().containsKey(fact)
                    && !contains(table.numbers(), fact)
                    && !contains(table.texts(), fact)) {
                wrong.add(new Finding(
                        "floor",
                        file.name(),
                        "the input `%s` asks `%s`, which is not among the facts that the floor knows: %s"
                                .formatted(input.getId(), fact, String.join(", ", known(table)))));
            }
        }
        int row = 0;
        for (Rule rule : rules.getRules()) {
            row++;
            for (InputEntry cell : rule.getInputEntries()) {
                String text = cell.getTextContent().strip();
                if (!TOKEN.matcher(text).replaceAll("").isEmpty()) {
                    wrong.add(new Finding(
                            "floor",
                            file.name(),
                            "row %d (%s): the cell `%s` must compare with constants only"
                                    .formatted(row, describe(rule), text)));
                }
            }
            for (OutputEntry cell : rule.getOutputEntries()) {
                String text = cell.getTextContent().strip();
                if (!CONSTANT.matcher(text).matches() && !known(table).containsAll(names(text))) {
                    wrong.add(new Finding(
                            "floor",
                            file.name(),
                            "row %d (%s): the answer `%s` must be a constant, or compare facts that the floor knows: %s"
                                    .formatted(row, describe(rule), text, String.join(", ", known(table)))));
                }
            }
        }
        return wrong;
    }

    /** The facts that an answer compares; what is no plain comparison comes back as a name that no floor knows. */
    private static Set<String> names(String text) {
        String bare = TEXT.matcher(text).replaceAll(" ");
        if (!PLAIN.matcher(bare).matches()) {
            return Set.of(text);
        }
        Set<String> names = new TreeSet<>();
        Matcher word = WORD.matcher(bare);
        while (word.find()) {
            if (!WORDS.contains(word.group())) {
                names.add(word.group());
            }
        }
        return names;
    }

    /** The facts that an expression sees; empty where that is not known. */
    private static Optional<Set<String>> seen(String text) {
        if (CONSTANT.matcher(text).matches()) {
            return Optional.of(Set.of());
        }
        Set<String> names = names(text);
        return names.contains(text) && !WORD.matcher(text).matches() ? Optional.empty() : Optional.of(names);
    }

    private static Set<String> known(TableFloor table) {
        Set<String> known = new TreeSet<>(table.facts().keySet());
        if (table.numbers() != null) {
            known.addAll(table.numbers());
        }
        if (table.texts() != null) {
            known.addAll(table.texts());
        }
        return known;
    }

    private static boolean contains(Set<String> names, String name) {
        return names != null && names.contains(name);
    }

    private static String fact(Input input) {
        return input.getInputExpression() == null || input.getInputExpression().getText() == null
                ? ""
                : input.getInputExpression().getText().getTextContent().strip();
    }

    private List<Map<String, Object>> combinations(DmnFile file, DecisionTable rules, TableFloor table) {
        Map<String, Collection<Object>> space = new LinkedHashMap<>();
        List<Input> inputs = List.copyOf(rules.getInputs());
        Set<String> asked = new LinkedHashSet<>();
        for (int column = 0; column < inputs.size(); column++) {
            if (asksAnything(rules, column)) {
                asked.add(fact(inputs.get(column)));
            }
        }
        rules.getRules().stream()
                .flatMap(rule -> rule.getOutputEntries().stream())
                .map(cell -> cell.getTextContent().strip())
                .filter(text -> !CONSTANT.matcher(text).matches())
                .forEach(text -> asked.addAll(names(text)));
        Set<String> named = table.demands().stream()
                .flatMap(demand ->
                        demand.when() == null ? java.util.stream.Stream.empty() : demand.when().keySet().stream())
                .collect(Collectors.toSet());
        table.demands().forEach(demand -> limits(demand).forEach(limit -> {
            if (limit.notBelow() != null) {
                named.add(limit.notBelow());
            }
        }));
        table.facts().forEach((fact, values) -> {
            // A fact that neither the table nor the floor asks cannot change the answer: one value stands for all.
            boolean matters = asked.contains(fact) || named.contains(fact);
            space.put(fact, matters ? values : values.subList(0, 1));
        });
        for (int column = 0; column < inputs.size(); column++) {
            String fact = fact(inputs.get(column));
            if (!space.containsKey(fact)) {
                space.put(
                        fact,
                        contains(table.numbers(), fact)
                                ? numbers(rules, column, isWhole(inputs.get(column)))
                                : texts(rules, column));
            }
        }
        List<Map<String, Object>> combinations = List.of(Map.of());
        for (var dimension : space.entrySet()) {
            List<Map<String, Object>> more = new ArrayList<>();
            for (Map<String, Object> facts : combinations) {
                for (Object value : dimension.getValue()) {
                    Map<String, Object> one = new LinkedHashMap<>(facts);
                    one.put(dimension.getKey(), value);
                    more.add(one);
                }
            }
            if (more.size() > MOST_COMBINATIONS) {
                find(
                        file,
                        "the table tells more than %d combinations of facts apart; its floor cannot be proven"
                                .formatted(MOST_COMBINATIONS));
                return List.of();
            }
            combinations = more;
        }
        return combinations;
    }

    /** A column whose cells are all empty cannot change an answer. */
    private static boolean asksAnything(DecisionTable rules, int column) {
        return rules.getRules().stream()
                .map(rule -> cell(rule, column).strip())
                .anyMatch(cell -> !cell.isEmpty() && !cell.equals("-"));
    }

    private static boolean isWhole(Input input) {
        return input.getInputExpression() != null
                && Set.of("integer", "long")
                        .contains(String.valueOf(input.getInputExpression().getTypeRef()));
    }

    /** Each constant of a column and a value on either side of it. */
    private static Collection<Object> numbers(DecisionTable rules, int column, boolean whole) {
        TreeSet<BigDecimal> bounds = new TreeSet<>();
        for (Rule rule : rules.getRules()) {
            Matcher number = NUMBER.matcher(cell(rule, column));
            while (number.find()) {
                bounds.add(new BigDecimal(number.group()));
            }
        }
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

    private static Collection<Object> texts(DecisionTable rules, int column) {
        Set<Object> values = new LinkedHashSet<>(List.of(OTHER));
        for (Rule rule : rules.getRules()) {
            Matcher text = TEXT.matcher(cell(rule, column));
            while (text.find()) {
                values.add(text.group(1));
            }
        }
        return values;
    }

    private static String cell(Rule rule, int column) {
        return List.copyOf(rule.getInputEntries()).get(column).getTextContent();
    }

    private static boolean concerns(Demand demand, Map<String, Object> facts) {
        return demand.when() == null
                || demand.when().entrySet().stream()
                        .allMatch(fact -> fact.getValue().contains(facts.get(fact.getKey())));
    }

    private static List<Limit> limits(Demand demand) {
        List<Limit> limits = new ArrayList<>();
        if (demand.first() != null) {
            limits.addAll(demand.first().values());
        }
        if (demand.every() != null) {
            limits.addAll(demand.every().values());
        }
        return limits;
    }

    /** What breaks the demand, in words; null where it holds. */
    private String wrong(
            Demand demand, Map<String, Object> facts, List<Map<String, Object>> answer, DecisionTable rules) {
        if (demand.rows() != null && answer.size() < demand.rows()) {
            return "answers with %d row(s) where at least %d are due%s"
                    .formatted(answer.size(), demand.rows(), by(rules));
        }
        if (demand.answers() != null) {
            for (Map<String, Object> wanted : demand.answers()) {
                if (answer.stream().noneMatch(row -> holds(row, wanted))) {
                    return "can answer without `%s`%s%s"
                            .formatted(sayValues(wanted), by(rules), nearest(wanted, rules));
                }
            }
        }
        if (demand.never() != null) {
            for (Map<String, Object> refused : demand.never()) {
                for (int index = 0; index < answer.size(); index++) {
                    if (holds(answer.get(index), refused)) {
                        return "answers `%s`%s".formatted(sayValues(refused), by(index, rules));
                    }
                }
            }
        }
        if (demand.first() != null && !answer.isEmpty()) {
            int first = first(demand, answer);
            String wrong = beyond(demand.first(), answer.get(first), facts, first, rules);
            if (wrong != null) {
                return wrong;
            }
        }
        if (demand.every() != null) {
            for (int index = 0; index < answer.size(); index++) {
                String wrong = beyond(demand.every(), answer.get(index), facts, index, rules);
                if (wrong != null) {
                    return wrong;
                }
            }
        }
        return null;
    }

    private static int first(Demand demand, List<Map<String, Object>> answer) {
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

    private String beyond(
            Map<String, Limit> limits,
            Map<String, Object> row,
            Map<String, Object> facts,
            int index,
            DecisionTable rules) {
        for (var entry : limits.entrySet()) {
            Object value = row.get(entry.getKey());
            String wrong = beyond(entry.getValue(), value, facts);
            if (wrong != null) {
                return "answers %s = %s, %s%s".formatted(entry.getKey(), value, wrong, by(index, rules));
            }
        }
        return null;
    }

    private static String beyond(Limit limit, Object value, Map<String, Object> facts) {
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

    private String by(int index, DecisionTable rules) {
        return index < matched.size() ? " (" + row(matched.get(index), rules) + ")" : by(rules);
    }

    private String by(DecisionTable rules) {
        return matched.isEmpty()
                ? " (no row matches)"
                : matched.stream().map(rule -> row(rule, rules)).collect(Collectors.joining(", ", " (answering ", ")"));
    }

    /** The rows that would answer what is missing, to show where the hole is. */
    private static String nearest(Map<String, Object> wanted, DecisionTable rules) {
        String texts = rules.getRules().stream()
                .filter(rule -> wanted.values().stream()
                        .filter(String.class::isInstance)
                        .allMatch(value -> rule.getOutputEntries().stream()
                                .anyMatch(cell -> cell.getTextContent().strip().equals("\"" + value + "\""))))
                .map(rule -> row(rule, rules))
                .collect(Collectors.joining(", "));
        return texts.isEmpty() ? "; no row of the table answers it" : "; it is answered only by " + texts;
    }

    private static String row(Rule rule, DecisionTable rules) {
        return "row " + (List.copyOf(rules.getRules()).indexOf(rule) + 1) + " `" + rule.getId() + "`: "
                + describe(rule);
    }

    private static String describe(Rule rule) {
        return rule.getDescription() == null
                ? "not described"
                : rule.getDescription().getTextContent().strip();
    }

    private static String say(Map<String, Object> facts) {
        return facts.entrySet().stream()
                .map(fact -> fact.getKey() + " = " + fact.getValue())
                .collect(Collectors.joining(", "));
    }

    private static String sayValues(Map<String, Object> values) {
        return values.entrySet().stream()
                .map(entry -> entry.getKey() + " = " + entry.getValue())
                .collect(Collectors.joining(", "));
    }

    private void find(DmnFile file, String message) {
        findings.add(new Finding("floor", file.name(), message));
    }
}
