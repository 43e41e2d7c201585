package dev.countersign.evidence;

/**
 * How far what begins at a place of a document goes on: to the end of a JSON value, of an XML element, of a YAML entry. Told each character from the place on; lines of what is shown are
 * enough, since no more than that is marked.
 */
abstract class Extent {
    /** @param first the first character of the document that is no white space */
    static Extent in(int first) {
        return switch (first) {
            case '{', '[' -> new Json();
            case '<' -> new Xml();
            default -> new Yaml();
        };
    }

    /** Takes the next character; line ends are {@code \n}. */
    abstract void take(int point);

    /** Whether its last character has been taken. */
    boolean isOver() {
        return false;
    }

    /** Asked at the end of each line: whether the next one belongs to it. */
    abstract boolean goesOn();

    /** Asked at the beginning of each later line with what it begins with; only YAML can tell there. */
    boolean belongs(int indent, boolean empty) {
        return true;
    }

    private static final class Json extends Extent {
        private int depth;
        private boolean text;
        private boolean escaped;
        private boolean closed;

        @Override
        void take(int point) {
            if (closed) {
                return;
            } else if (text) {
                text = escaped || point != '"';
                escaped = !escaped && point == '\\';
            } else if (point == '"') {
                text = true;
            } else if (point == '{' || point == '[') {
                depth++;
            } else if ((point == '}' || point == ']') && depth > 0) {
                closed = --depth == 0;
            }
        }

        @Override
        boolean isOver() {
            return closed;
        }

        @Override
        boolean goesOn() {
            return depth > 0 && !closed;
        }
    }

    /** To the end of the element. */
    private static final class Xml extends Extent {
        private static final int LONGEST_KEPT = 64;
        private final StringBuilder markup = new StringBuilder();
        private int depth;
        private int quote;
        private boolean begun;
        private boolean closed;

        @Override
        void take(int point) {
            if (closed) {
                return;
            }
            if (!begun && point != '<') {
                // Some parsers tell the place behind the first character.
                markup.append('<');
            }
            begun = true;
            if (markup.isEmpty()) {
                if (point == '<') {
                    markup.append('<');
                }
                return;
            }
            markup.appendCodePoint(point);
            boolean tag = markup.charAt(1) != '!' && markup.charAt(1) != '?';
            if (tag && quote != 0) {
                quote = point == quote ? 0 : quote;
            } else if (tag && (point == '"' || point == '\'')) {
                quote = point;
            } else if (point == '>' && ends(tag)) {
                end(tag);
            }
            if (markup.length() > LONGEST_KEPT) {
                markup.delete(LONGEST_KEPT / 2, markup.length() - LONGEST_KEPT / 4);
            }
        }

        /** Comments and character data may hold what looks like a tag. */
        private boolean ends(boolean tag) {
            String all = markup.toString();
            return tag
                    || (all.startsWith("<!--")
                            ? all.endsWith("-->")
                            : !all.startsWith("<![CDATA[") || all.endsWith("]]>"));
        }

        private void end(boolean tag) {
            if (tag) {
                boolean closing = markup.charAt(1) == '/';
                boolean empty = markup.charAt(markup.length() - 2) == '/';
                depth += closing ? -1 : empty ? 0 : 1;
                closed = depth <= 0;
            }
            markup.setLength(0);
        }

        @Override
        boolean isOver() {
            return closed;
        }

        @Override
        boolean goesOn() {
            return !closed;
        }
    }

    /** By indentation: an entry goes on over the lines that are set in deeper than its own. */
    private static final class Yaml extends Extent {
        private int indent;
        private boolean begun;

        @Override
        void take(int point) {
            if (!begun && point == ' ') {
                indent++;
            } else {
                begun = true;
            }
        }

        @Override
        boolean goesOn() {
            return true;
        }

        @Override
        boolean belongs(int deeper, boolean empty) {
            return empty || deeper > indent;
        }
    }
}
