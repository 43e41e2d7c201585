package dev.countersign.evidence.infrastructure;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.countersign.evidence.reader.Unreadable;
import java.util.List;
import java.util.Set;

/** A value: what stands there, or that it is not told. Nothing is computed and nothing looked up, so a file can only say what it says. */
final class HclExpression {
    /** Longer ones first. */
    private static final List<String> OPERATORS =
            List.of("==", "!=", "<=", ">=", "&&", "||", "<", ">", "+", "-", "*", "/", "%");

    /** They give what they are given, in another form. */
    private static final Set<String> SAME = Set.of("jsonencode", "toset", "tolist");

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final HclText hcl;
    private final HclPlaces places;

    HclExpression(HclText hcl, HclPlaces places) {
        this.hcl = hcl;
        this.places = places;
    }

    /** @param over whether the end of a line does not end it: within parentheses and brackets */
    JsonNode read(boolean over, String pointer) throws Unreadable {
        hcl.enter();
        int start = hcl.position();
        JsonNode value = operand(over, pointer);
        boolean computed = false;
        for (String operator = operator(over); operator != null; operator = operator(over)) {
            hcl.take(operator);
            hcl.gap(over);
            operand(over, HclPlaces.NOWHERE);
            computed = true;
        }
        if (hcl.peek() == '?') {
            hcl.skip(1);
            hcl.gap(over);
            read(over, HclPlaces.NOWHERE);
            hcl.gap(over);
            hcl.need(":");
            hcl.gap(over);
            read(over, HclPlaces.NOWHERE);
            computed = true;
        }
        hcl.leave();
        return computed ? Untold.of(hcl.since(start)) : value;
    }

    private String operator(boolean over) throws Unreadable {
        hcl.gap(over);
        return hcl.looksAt("=>")
                ? null
                : OPERATORS.stream().filter(hcl::looksAt).findFirst().orElse(null);
    }

    private JsonNode operand(boolean over, String pointer) throws Unreadable {
        int start = hcl.position();
        boolean minus = false;
        boolean not = false;
        while (hcl.peek() == '-' || (hcl.peek() == '!' && hcl.peek(1) != '=')) {
            not |= hcl.peek() == '!' || minus;
            minus = true;
            hcl.skip(1);
            hcl.gap(over);
        }
        JsonNode value = primary(pointer);
        if (parts(start)) {
            value = Untold.of(hcl.since(start).replaceAll("\\s+", ""));
        }
        if (!minus) {
            return value;
        }
        return value.isIntegralNumber() && !not ? NODES.numberNode(-value.asLong()) : Untold.of(hcl.since(start));
    }

    /** What is asked of a value: {@code .id}, {@code [0]}, {@code [*]}. */
    private boolean parts(int start) throws Unreadable {
        boolean any = false;
        while (true) {
            if (hcl.peek() == '.' && hcl.peek(1) != '.') {
                hcl.skip(1);
                if (!hcl.take("*") && !digits()) {
                    hcl.word();
                }
            } else if (hcl.peek() == '[') {
                hcl.skip(1);
                hcl.gap(true);
                if (!hcl.take("*")) {
                    read(true, HclPlaces.NOWHERE);
                }
                hcl.gap(true);
                hcl.need("]");
            } else {
                return any;
            }
            any = true;
        }
    }

    private boolean digits() {
        boolean any = false;
        while (hcl.peek() >= '0' && hcl.peek() <= '9') {
            hcl.skip(1);
            any = true;
        }
        return any;
    }

    private JsonNode primary(String pointer) throws Unreadable {
        char next = hcl.peek();
        if (next == '"') {
            return HclTemplate.quoted(hcl);
        } else if (hcl.take("<<")) {
            return HclTemplate.between(hcl);
        } else if (next == '(') {
            hcl.skip(1);
            hcl.gap(true);
            JsonNode inner = read(true, pointer);
            hcl.gap(true);
            hcl.need(")");
            return inner;
        } else if (next == '[') {
            return list(pointer);
        } else if (next == '{') {
            return object(pointer);
        } else if (next >= '0' && next <= '9') {
            return number();
        }
        return named(pointer);
    }

    private JsonNode number() throws Unreadable {
        int start = hcl.position();
        digits();
        if (hcl.peek() == '.' && Character.isDigit(hcl.peek(1))) {
            hcl.skip(1);
            digits();
        }
        if ((hcl.peek() == 'e' || hcl.peek() == 'E')) {
            hcl.skip(hcl.peek(1) == '-' || hcl.peek(1) == '+' ? 2 : 1);
            if (!digits()) {
                throw hcl.fault("a number is expected");
            }
        }
        if (hcl.isWord()) {
            throw hcl.fault("a number does not go on so");
        }
        String text = hcl.since(start);
        return text.matches("\\d{1,15}") ? NODES.numberNode(Long.parseLong(text)) : NODES.textNode(text);
    }

    private JsonNode named(String pointer) throws Unreadable {
        int start = hcl.position();
        if (!hcl.isWord()) {
            throw hcl.fault(hcl.isEnd() ? "it ends where a value is expected" : "a value is expected");
        }
        String word = hcl.word();
        while (hcl.take("::")) {
            word = hcl.word();
        }
        if (hcl.peek() == '(') {
            return call(word, start, pointer);
        }
        if (hcl.peek() != '.' && hcl.peek() != '[') {
            switch (word) {
                // Terraform itself knows them in small letters only.
                case "true", "True" -> {
                    return NODES.booleanNode(true);
                }
                case "false", "False" -> {
                    return NODES.booleanNode(false);
                }
                case "null" -> {
                    return NODES.nullNode();
                }
                default -> {
                    return Untold.of(word);
                }
            }
        }
        return Untold.of(word);
    }

    private JsonNode call(String function, int start, String pointer) throws Unreadable {
        hcl.skip(1);
        JsonNode first = null;
        int arguments = 0;
        for (hcl.gap(true); !hcl.take(")"); hcl.gap(true)) {
            JsonNode argument = read(true, pointer);
            first = first == null ? argument : first;
            arguments++;
            hcl.gap(true);
            boolean all = hcl.take("...");
            arguments += all ? 1 : 0;
            hcl.gap(true);
            if (!hcl.take(",") && hcl.peek() != ')') {
                throw hcl.fault("')' is expected");
            }
        }
        return arguments == 1 && SAME.contains(function) ? first : Untold.of(hcl.since(start));
    }

    private boolean isLoop() {
        if (!hcl.looksAt("for")) {
            return false;
        }
        return Character.isWhitespace(hcl.peek(3));
    }

    /** From its first word to the end of the list or object. */
    private JsonNode loop(String end) throws Unreadable {
        int start = hcl.position();
        hcl.skip(3);
        hcl.gap(true);
        hcl.word();
        hcl.gap(true);
        if (hcl.take(",")) {
            hcl.gap(true);
            hcl.word();
            hcl.gap(true);
        }
        hcl.need("in");
        hcl.gap(true);
        read(true, HclPlaces.NOWHERE);
        hcl.gap(true);
        hcl.need(":");
        hcl.gap(true);
        read(true, HclPlaces.NOWHERE);
        hcl.gap(true);
        if (hcl.take("=>")) {
            hcl.gap(true);
            read(true, HclPlaces.NOWHERE);
            hcl.gap(true);
            hcl.take("...");
            hcl.gap(true);
        }
        if (hcl.looksAt("if")) {
            hcl.skip(2);
            hcl.gap(true);
            read(true, HclPlaces.NOWHERE);
            hcl.gap(true);
        }
        hcl.need(end);
        return Untold.of(hcl.since(start));
    }

    private JsonNode list(String pointer) throws Unreadable {
        hcl.skip(1);
        hcl.gap(true);
        if (isLoop()) {
            return loop("]");
        }
        ArrayNode list = NODES.arrayNode();
        for (; !hcl.take("]"); hcl.gap(true)) {
            String at = places.put(pointer, Integer.toString(list.size()), hcl.line());
            list.add(read(true, at));
            hcl.gap(true);
            if (!hcl.take(",") && hcl.peek() != ']') {
                throw hcl.fault("']' is expected");
            }
        }
        return list;
    }

    private JsonNode object(String pointer) throws Unreadable {
        int start = hcl.position();
        hcl.skip(1);
        hcl.gap(true);
        if (isLoop()) {
            return loop("}");
        }
        ObjectNode object = NODES.objectNode();
        boolean told = true;
        for (; !hcl.take("}"); hcl.gap(true)) {
            int line = hcl.line();
            String key = key();
            told &= key != null;
            hcl.gap(true);
            if (!hcl.take("=")) {
                hcl.need(":");
            }
            hcl.gap(true);
            String at = places.put(pointer, key == null ? "" : key, line);
            JsonNode value = read(false, at);
            if (key != null && object.putIfAbsent(key, value) != null) {
                throw hcl.fault("'" + dev.countersign.evidence.reader.Words.of(key) + "' is said twice");
            }
            hcl.gap(false);
            if (!hcl.take(",") && hcl.peek() != '\n' && hcl.peek() != '}') {
                throw hcl.fault("'}' or the end of the line is expected");
            }
        }
        return told ? object : Untold.of(hcl.since(start));
    }

    /** Null where it is computed. */
    private String key() throws Unreadable {
        if (hcl.isWord()) {
            String word = hcl.word();
            if (hcl.peek() != '.' && hcl.peek() != '[' && hcl.peek() != '(') {
                return word;
            }
            parts(hcl.position());
            return null;
        }
        hcl.enter();
        JsonNode key = operand(true, HclPlaces.NOWHERE);
        hcl.leave();
        return key.isTextual() || key.isNumber() ? key.asText() : null;
    }
}
