package dev.countersign.workflow.guardrail;

import java.math.BigDecimal;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The cells that a guarded table may have: constants, and comparisons with constants or between facts. */
final class PlainCells {
    private static final Pattern TEXT = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final Pattern NUMBER = Pattern.compile("(?<![\\w\"])-?\\d+(?:\\.\\d+)?");
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

    private PlainCells() {}

    /** Whether an input's cell compares with constants only. */
    static boolean isComparison(String cell) {
        return TOKEN.matcher(cell).replaceAll("").isEmpty();
    }

    static boolean isConstant(String cell) {
        return CONSTANT.matcher(cell).matches();
    }

    static Set<BigDecimal> numbers(String cell) {
        Set<BigDecimal> numbers = new LinkedHashSet<>();
        Matcher number = NUMBER.matcher(cell);
        while (number.find()) {
            numbers.add(new BigDecimal(number.group()));
        }
        return numbers;
    }

    static Set<String> texts(String cell) {
        Set<String> texts = new LinkedHashSet<>();
        Matcher text = TEXT.matcher(cell);
        while (text.find()) {
            texts.add(text.group(1));
        }
        return texts;
    }

    /** The facts that an answer compares; what is no plain comparison comes back as a name that no floor knows. */
    static Set<String> names(String text) {
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
    static Optional<Set<String>> seen(String text) {
        if (isConstant(text)) {
            return Optional.of(Set.of());
        }
        Set<String> names = names(text);
        return names.contains(text) && !WORD.matcher(text).matches() ? Optional.empty() : Optional.of(names);
    }
}
