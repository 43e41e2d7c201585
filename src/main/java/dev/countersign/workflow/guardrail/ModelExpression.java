package dev.countersign.workflow.guardrail;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The expressions that models may contain. The engine's expression language can call anything that it can reach, from the
 * engine's own services to the class loader; a model may only read variables, compare them, do sums with dates, and call beans
 * that are marked for it. What this parser cannot read is refused.
 */
final class ModelExpression {
    private static final Pattern TOKEN = Pattern.compile(
            "\\s*(?:(?<text>'(?:[^'\\\\]|\\\\.)*'|\"(?:[^\"\\\\]|\\\\.)*\")|(?<number>\\d+(?:\\.\\d+)?)|(?<word>[A-Za-z_][A-Za-z0-9_]*)"
                    + "|(?<sign>==|!=|<=|>=|&&|\\|\\||[<>!.,()?:+\\-}]))");
    private static final Set<String> COMPARISONS =
            Set.of("==", "!=", "<", ">", "<=", ">=", "eq", "ne", "lt", "gt", "le", "ge");
    private static final Set<String> EXECUTION_FACTS = Set.of("processBusinessKey", "businessKey", "processInstanceId");
    private static final Set<String> DATE_STEPS = Set.of(
            "plusSeconds",
            "plusMinutes",
            "plusHours",
            "plusDays",
            "plusWeeks",
            "plusMonths",
            "minusSeconds",
            "minusMinutes",
            "minusHours",
            "minusDays",
            "withTimeAtStartOfDay",
            "toDate");

    private final String source;
    private final KnownBeans beans;
    private final Set<String> variables = new LinkedHashSet<>();
    private int at;
    private String kind;
    private String token;

    private ModelExpression(String source, int from, KnownBeans beans) {
        this.source = source;
        this.at = from;
        this.beans = beans;
    }

    /** Thrown for what a model may not say. */
    static final class NotAllowed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NotAllowed(String message) {
            super(message, null, false, false);
        }
    }

    static boolean isExpression(String value) {
        return value.contains("${") || value.contains("#{");
    }

    /**
     * The names of the variables read by all expressions in a value; plain text around them is fine.
     *
     * @throws NotAllowed naming what is not allowed
     */
    static Set<String> variablesOf(String value, KnownBeans beans) {
        Set<String> read = new LinkedHashSet<>();
        for (int at = next(value, 0); at >= 0; ) {
            ModelExpression expression = new ModelExpression(value, at + 2, beans);
            int end = expression.parse();
            read.addAll(expression.variables);
            at = next(value, end);
        }
        return read;
    }

    /** The bean's name where the value is nothing but {@code ${name}}. */
    static String soleName(String value) {
        Matcher matcher = Pattern.compile("\\s*[$#]\\{\\s*([A-Za-z_][A-Za-z0-9_]*)\\s*}\\s*")
                .matcher(value);
        return matcher.matches() ? matcher.group(1) : null;
    }

    /** The same condition written in one way, so that spaces make no difference. */
    static String canonical(String condition) {
        return condition
                .strip()
                .replaceFirst("^#\\{", "\\${")
                .replace('"', '\'')
                .replaceAll("\\s+", "");
    }

    private static int next(String value, int from) {
        int dollar = value.indexOf("${", from);
        int hash = value.indexOf("#{", from);
        return dollar < 0 ? hash : hash < 0 ? dollar : Math.min(dollar, hash);
    }

    private int parse() {
        advance();
        or();
        if (!"}".equals(token)) {
            throw unexpected();
        }
        return at;
    }

    private void or() {
        and();
        while (accept("||") || accept("or")) {
            and();
        }
        if (accept("?")) {
            or();
            expect(":");
            or();
        }
    }

    private void and() {
        comparison();
        while (accept("&&") || accept("and")) {
            comparison();
        }
    }

    private void comparison() {
        unary();
        while (token != null && !"text".equals(kind) && (COMPARISONS.contains(token) || "+-".contains(token))) {
            advance();
            unary();
        }
    }

    private void unary() {
        if (accept("!") || accept("not") || accept("empty") || accept("-")) {
            unary();
        } else {
            primary();
        }
    }

    private void primary() {
        if (token == null) {
            throw unexpected();
        }
        if ("text".equals(kind)
                || "number".equals(kind)
                || Set.of("true", "false", "null").contains(token)) {
            advance();
            if (".".equals(token)) {
                throw new NotAllowed("calls a method of a literal");
            }
            return;
        }
        if (accept("(")) {
            or();
            expect(")");
            if (".".equals(token)) {
                throw unexpected();
            }
            return;
        }
        if (!"word".equals(kind)) {
            throw unexpected();
        }
        String name = token;
        advance();
        if (".".equals(token)) {
            member(name);
        } else if ("(".equals(token)) {
            function(name);
        } else {
            variables.add(name);
        }
    }

    private void member(String owner) {
        expect(".");
        String member = token;
        if (!"word".equals(kind)) {
            throw unexpected();
        }
        advance();
        boolean call = "(".equals(token);
        if ("execution".equals(owner) && !call && EXECUTION_FACTS.contains(member)) {
            return;
        }
        if (!beans.isModelBean(owner)) {
            throw new NotAllowed("reaches into `" + owner + "." + member
                    + "`; expressions may read variables, compare, and call beans marked @ModelBean");
        }
        if (!call) {
            throw new NotAllowed("reads the property `" + owner + "." + member + "`; call a method of the bean");
        }
        int arguments = arguments();
        if (!beans.hasMethod(owner, member, arguments)) {
            throw new NotAllowed("calls `" + owner + "." + member + "`, which takes no " + arguments
                    + " argument(s) or does not exist");
        }
        if (".".equals(token)) {
            throw new NotAllowed("goes on from the answer of `" + owner + "." + member + "`");
        }
    }

    private void function(String name) {
        if (!"now".equals(name) && !"dateTime".equals(name)) {
            throw new NotAllowed("calls the function `" + name + "`; only now() and dateTime() are open to models");
        }
        arguments();
        while (accept(".")) {
            if ("now".equals(name) || !DATE_STEPS.contains(token)) {
                throw new NotAllowed(
                        "calls `" + token + "` of a date; allowed are " + String.join(", ", sortedSteps()));
            }
            advance();
            arguments();
        }
    }

    private static List<String> sortedSteps() {
        List<String> steps = new ArrayList<>(DATE_STEPS);
        steps.sort(null);
        return steps;
    }

    private int arguments() {
        expect("(");
        int count = 0;
        if (!")".equals(token)) {
            do {
                or();
                count++;
            } while (accept(","));
        }
        expect(")");
        return count;
    }

    private boolean accept(String wanted) {
        if (wanted.equals(token) && !"text".equals(kind)) {
            advance();
            return true;
        }
        return false;
    }

    private void expect(String wanted) {
        if (!accept(wanted)) {
            throw unexpected();
        }
    }

    private void advance() {
        if ("}".equals(token) && "sign".equals(kind)) {
            throw unexpected();
        }
        Matcher matcher = TOKEN.matcher(source).region(at, source.length());
        if (!matcher.lookingAt()) {
            token = null;
            kind = null;
            return;
        }
        at = matcher.end();
        for (String group : List.of("text", "number", "word", "sign")) {
            if (matcher.group(group) != null) {
                kind = group;
                token = matcher.group(group);
            }
        }
    }

    private NotAllowed unexpected() {
        return new NotAllowed("is not an expression that models may use"
                + (token == null ? "" : ": `" + token + "` does not belong there"));
    }
}
