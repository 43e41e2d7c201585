package dev.countersign.gate;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * A licence as a document states it, read as an SPDX expression (SPDX 2.3, annex D): of {@code OR} the best counts, of {@code AND} the worst. Text that is none is one licence by that name, which a
 * table may know; half of an expression is never taken for the whole.
 */
sealed interface LicenceExpression {
    /** What the table says, from good to bad. What nobody states stands between: it may be anything, and it is not known to be bad. */
    enum Standing {
        ALLOWED,
        ADVISE,
        UNKNOWN,
        DENIED
    }

    /** @param rule why, in words */
    record Ruling(Standing standing, String licence, String rule) {}

    Ruling ruling(Function<Licence, Ruling> table);

    /** @param exception {@code none} where there is none */
    record Licence(String id, String exception) implements LicenceExpression {
        static final String NO_EXCEPTION = "none";

        /** All versions: the words before the first number, {@code GPL-*} for {@code GPL-3.0-or-later}. */
        String family() {
            if (id.contains("LicenseRef-")) {
                return "LicenseRef-*";
            }
            String words = id.replaceFirst("-(?:only|or-later)$", "").replaceFirst("-\\d.*$", "");
            return words + "-*";
        }

        boolean isStated() {
            return !id.equalsIgnoreCase("NOASSERTION") && !id.equalsIgnoreCase("NONE");
        }

        @Override
        public Ruling ruling(Function<Licence, Ruling> table) {
            return isStated() ? table.apply(this) : new Ruling(Standing.UNKNOWN, id, "the document states no licence");
        }

        @Override
        public String toString() {
            return exception.equals(NO_EXCEPTION) ? id : id + " WITH " + exception;
        }
    }

    /** @param best whether one may choose; else all apply */
    record Several(List<LicenceExpression> parts, boolean best) implements LicenceExpression {
        @Override
        public Ruling ruling(Function<Licence, Ruling> table) {
            Comparator<Ruling> byStanding = Comparator.comparing(Ruling::standing);
            List<Ruling> all = parts.stream().map(part -> part.ruling(table)).toList();
            return all.stream().min(best ? byStanding : byStanding.reversed()).orElseThrow();
        }
    }

    static LicenceExpression of(String text) {
        String stripped = text.strip();
        return Parser.isBalanced(stripped) ? Parser.parse(stripped, 0) : new Licence(stripped, Licence.NO_EXCEPTION);
    }

    /** Splits at the operators that stand in no brackets. */
    final class Parser {
        private static final int DEEPEST = 50;
        private static final Pattern WITH = Pattern.compile("(?i)\\s+WITH\\s+");
        private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z0-9.:-]+");

        private Parser() {}

        static LicenceExpression parse(String text, int depth) {
            String inner = withoutBrackets(text);
            if (depth > DEEPEST) {
                return new Licence(inner, Licence.NO_EXCEPTION);
            }
            if (LicenceNames.idOf(inner).isPresent()) {
                return licence(inner);
            }
            for (String operator : List.of("OR", "AND")) {
                List<String> parts = split(inner, operator);
                if (parts.size() > 1 && parts.stream().noneMatch(String::isBlank)) {
                    return new Several(
                            parts.stream().map(part -> parse(part, depth + 1)).toList(), operator.equals("OR"));
                }
            }
            return prose(inner, depth);
        }

        /** In a name "or" may be a word like another: it is an operator only where it stands between two licences that are known. */
        private static LicenceExpression prose(String text, int depth) {
            if (LicenceNames.idOf(text).isEmpty()) {
                for (String operator : List.of("or", "and")) {
                    List<String> parts = split(text, operator);
                    if (parts.size() > 1
                            && parts.stream().allMatch(part -> LicenceNames.idOf(withoutBrackets(part))
                                    .isPresent())) {
                        return new Several(
                                parts.stream()
                                        .map(part -> parse(part, depth + 1))
                                        .toList(),
                                operator.equals("or"));
                    }
                }
            }
            return licence(text);
        }

        static LicenceExpression licence(String text) {
            Optional<String> known = LicenceNames.idOf(text);
            if (known.isPresent() && !known.get().contains(" WITH ")) {
                return new Licence(known.get(), Licence.NO_EXCEPTION);
            }
            String[] parts = WITH.split(known.orElse(text));
            if (parts.length == 2 && IDENTIFIER.matcher(parts[1]).matches()) {
                String id = LicenceNames.idOf(parts[0]).orElse(parts[0]);
                return new Licence(id, exception(parts[1]));
            }
            return new Licence(text, Licence.NO_EXCEPTION);
        }

        /** Identifiers of exceptions differ in case only by mistake. */
        private static String exception(String id) {
            String lower = id.toLowerCase(Locale.ROOT);
            return lower.startsWith("classpath-exception")
                    ? "Classpath-exception-2.0"
                    : lower.startsWith("llvm-exception") ? "LLVM-exception" : id;
        }

        static boolean isBalanced(String text) {
            int open = 0;
            for (int i = 0; i < text.length() && open >= 0; i++) {
                open += text.charAt(i) == '(' ? 1 : text.charAt(i) == ')' ? -1 : 0;
            }
            return open == 0;
        }

        private static String withoutBrackets(String text) {
            String inner = text.strip();
            while (inner.startsWith("(")
                    && inner.endsWith(")")
                    && isBalanced(inner.substring(1, inner.length() - 1))
                    && inner.length() > 2) {
                inner = inner.substring(1, inner.length() - 1).strip();
            }
            return inner;
        }

        private static List<String> split(String text, String operator) {
            List<String> parts = new ArrayList<>();
            int open = 0;
            int from = 0;
            for (int i = 0; i < text.length(); i++) {
                char at = text.charAt(i);
                open += at == '(' ? 1 : at == ')' ? -1 : 0;
                if (open == 0 && isWord(text, i, operator)) {
                    parts.add(text.substring(from, i).strip());
                    from = i + operator.length();
                    i = from - 1;
                }
            }
            parts.add(text.substring(from).strip());
            return parts;
        }

        private static boolean isWord(String text, int at, String operator) {
            int end = at + operator.length();
            return text.startsWith(operator, at)
                    && (at == 0 || Character.isWhitespace(text.charAt(at - 1)) || text.charAt(at - 1) == ')')
                    && (end == text.length() || Character.isWhitespace(text.charAt(end)) || text.charAt(end) == '(');
        }
    }
}
