package dev.countersign.observe.journey;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Looks for an expression in what a version answered. An expression that goes back and forth over its text without end is given up. */
final class BoundedSearch {
    /** Characters looked at, each time anew. */
    private static final int EFFORT = 2_000_000;

    private BoundedSearch() {}

    /** The expression asks for more effort than it is given. */
    static final class GivenUp extends Exception {
        private static final long serialVersionUID = 1L;

        GivenUp(Throwable cause) {
            super("the expression takes too long on this answer", cause);
        }
    }

    private static final class Exhausted extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** The first group of the first match. */
    static Optional<String> firstGroup(String expression, String text) throws GivenUp {
        try {
            Matcher found =
                    Pattern.compile(expression).matcher(new Metered(text, new int[] {EFFORT}, 0, text.length()));
            return found.find() ? Optional.ofNullable(found.group(1)) : Optional.empty();
        } catch (Exhausted | StackOverflowError tooMuch) {
            throw new GivenUp(tooMuch);
        }
    }

    private static final class Metered implements CharSequence {
        private final String text;
        private final int[] left;
        private final int from;
        private final int to;

        Metered(String text, int[] left, int from, int to) {
            this.text = text;
            this.left = left;
            this.from = from;
            this.to = to;
        }

        @Override
        public char charAt(int index) {
            if (left[0]-- <= 0) {
                throw new Exhausted();
            }
            return text.charAt(from + index);
        }

        @Override
        public int length() {
            return to - from;
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return new Metered(text, left, from + start, from + end);
        }

        @Override
        public String toString() {
            return text.substring(from, to);
        }
    }
}
