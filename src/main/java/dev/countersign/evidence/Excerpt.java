package dev.countersign.evidence;

import dev.countersign.evidence.reader.DocumentText;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Some lines of a stored document, of a bounded size however long the document and its lines are. What a stranger wrote is text: control characters and direction marks are replaced.
 *
 * @param from the first line shown, counted from 1
 * @param more whether there are lines behind the last one
 */
record Excerpt(List<Line> lines, long from, boolean more) {
    static final int LINES = 60;
    private static final int ABOVE = 15;
    private static final int CHARACTERS = 600;
    private static final int WANTED_CHARACTERS = 2400;
    private static final int BEFORE_COLUMN = 300;
    private static final int BYTE_ORDER_MARK = 0xFEFF;

    /**
     * @param before characters before the wanted column; empty where no column is wanted
     * @param text what was asked for; elsewhere the line, or what is shown of it
     * @param after characters behind the end of what was asked for
     * @param wanted whether it is a line of what was asked for
     * @param asked whether it is the line that was asked for itself
     * @param begins whether it is shown from its beginning
     * @param ends whether it is shown to its end
     */
    record Line(
            long number,
            String before,
            String text,
            String after,
            boolean wanted,
            boolean asked,
            boolean begins,
            boolean ends) {}

    /** @param wanted the line asked for; @param column where in it, or null; @param from the first line to be shown, or null for some lines above the wanted one */
    static Excerpt of(InputStream document, long wanted, Integer column, Long from) throws IOException {
        long first = Math.max(1, from == null ? wanted - ABOVE : from);
        DocumentText text = DocumentText.open(document);
        try (BufferedReader characters = new BufferedReader(text.characters(), 64 * 1024)) {
            Lines lines = new Lines(first, wanted, column, text.charset() == StandardCharsets.UTF_8);
            int next = characters.read();
            while (next >= 0 && !lines.isFull()) {
                int point = next;
                next = characters.read();
                if (Character.isHighSurrogate((char) point) && next >= 0 && Character.isLowSurrogate((char) next)) {
                    point = Character.toCodePoint((char) point, (char) next);
                    next = characters.read();
                }
                lines.add(point, next);
            }
            return lines.excerpt(next >= 0);
        }
    }

    private static final class Lines {
        private final List<Line> done = new ArrayList<>();
        private final long first;
        private final long wanted;
        private final Integer column;
        private final boolean inBytes;
        /** JSON in UTF-8 is parsed, and its columns counted, in bytes. Known with the first character that says what the document is. */
        private Boolean json;

        /** What was asked for, from its first character on; null before that, and after its end. */
        private Extent extent;

        private int documentBegins;
        private int indent;
        private boolean empty = true;
        private boolean within;

        private long number = 1;
        private long at = 1;
        private long seen;
        private final StringBuilder before = new StringBuilder();
        private final StringBuilder text = new StringBuilder();
        private final StringBuilder after = new StringBuilder();
        private boolean begins = true;
        private boolean ends = true;

        private Lines(long first, long wanted, Integer column, boolean inBytes) {
            this.first = first;
            this.wanted = wanted;
            this.column = column;
            this.inBytes = inBytes;
        }

        boolean isFull() {
            return number >= first + LINES;
        }

        void add(int point, int next) {
            if (json == null && point != BYTE_ORDER_MARK && !Character.isWhitespace(point)) {
                json = point == '{' || point == '[';
                documentBegins = point;
            }
            if (point == '\n' || (point == '\r' && next != '\n')) {
                end();
            } else if (point != '\r') {
                boolean over = within && extent.isOver();
                follow(point);
                if (number >= first) {
                    keep(point, over);
                }
                at += width(point);
                seen++;
            }
        }

        /** Keeps track of how far what was asked for goes on. */
        private void follow(int point) {
            boolean white = Character.isWhitespace(point);
            if (number == wanted && extent == null && !white && (column == null || at >= column)) {
                extent = Extent.in(documentBegins);
                // Told where its line begins: that is how YAML tells what belongs to it.
                for (int i = 0; i < indent; i++) {
                    extent.take(' ');
                }
                within = true;
            } else if (within && number > wanted && empty && !white && !extent.belongs(indent, false)) {
                within = false;
            }
            if (empty && white) {
                indent++;
            }
            empty &= white;
            if (within) {
                extent.take(point);
            }
        }

        private int width(int point) {
            if (!inBytes || Boolean.FALSE.equals(json)) {
                return Character.charCount(point);
            }
            return point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
        }

        private void keep(int point, boolean over) {
            if (point == BYTE_ORDER_MARK && number == 1 && seen == 0) {
                return;
            }
            boolean here = number == wanted;
            if (here && column != null && at < column) {
                before.appendCodePoint(shown(point));
                if (before.length() > 2 * BEFORE_COLUMN) {
                    before.delete(0, before.length() - BEFORE_COLUMN);
                    begins = false;
                }
            } else if (over) {
                if (after.length() < BEFORE_COLUMN) {
                    after.appendCodePoint(shown(point));
                } else {
                    ends = false;
                }
            } else if (text.length() < (here ? WANTED_CHARACTERS : CHARACTERS)) {
                text.appendCodePoint(shown(point));
            } else {
                ends = false;
            }
        }

        private static int shown(int point) {
            int type = Character.getType(point);
            boolean hidden = type == Character.CONTROL || type == Character.FORMAT || type == Character.SURROGATE;
            return point == '\t' || !hidden ? point : 0xFFFD;
        }

        private void end() {
            if (number >= first) {
                boolean marked = number == wanted || (within && number > wanted && !empty);
                done.add(new Line(
                        number,
                        before.toString(),
                        text.toString(),
                        after.toString(),
                        marked,
                        number == wanted,
                        begins,
                        ends));
            }
            if (within) {
                extent.take('\n');
                within = extent.goesOn();
            }
            indent = 0;
            empty = true;
            before.setLength(0);
            text.setLength(0);
            after.setLength(0);
            begins = true;
            ends = true;
            number++;
            at = 1;
            seen = 0;
        }

        Excerpt excerpt(boolean more) {
            if (!isFull() && seen > 0) {
                end();
            }
            return new Excerpt(List.copyOf(done), first, more);
        }
    }

    public long last() {
        return lines.isEmpty() ? from : lines.get(lines.size() - 1).number();
    }
}
