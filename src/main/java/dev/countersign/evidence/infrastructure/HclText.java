package dev.countersign.evidence.infrastructure;

import dev.countersign.evidence.reader.Unreadable;
import java.util.Arrays;

/** The characters of a configuration in the HashiCorp configuration language, and where one is. */
final class HclText {
    private static final int DEEPEST = 100;
    private static final char END = '\0';
    private static final int LONGEST = 100_000;

    private final String text;
    private final int[] lines;
    private int at;
    private int depth;

    HclText(String text) {
        this.text = text;
        this.lines = lines(text);
    }

    private static int[] lines(String text) {
        int[] starts = new int[64];
        int count = 1;
        for (int i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) {
            starts = count == starts.length ? Arrays.copyOf(starts, count * 2) : starts;
            starts[count++] = i + 1;
        }
        return Arrays.copyOf(starts, count);
    }

    int position() {
        return at;
    }

    /** Empty where it is too long to be looked at again. */
    String since(int start) {
        return at - start > LONGEST ? "" : text.substring(start, at).strip();
    }

    int line() {
        int found = Arrays.binarySearch(lines, at);
        return found >= 0 ? found + 1 : -found - 1;
    }

    Unreadable fault(String message) {
        int line = line();
        return new Unreadable(
                "not well-formed HCL: " + message, "line %d, column %d".formatted(line, at - lines[line - 1] + 1));
    }

    /** Whoever begins something within something else says so, and {@link #leave()} when it has ended. */
    void enter() throws Unreadable {
        if (++depth > DEEPEST) {
            throw fault("nested deeper than " + DEEPEST);
        }
    }

    void leave() {
        depth--;
    }

    boolean isEnd() {
        return at >= text.length();
    }

    char peek() {
        return peek(0);
    }

    char peek(int ahead) {
        return at + ahead < text.length() ? text.charAt(at + ahead) : END;
    }

    boolean looksAt(String word) {
        return text.startsWith(word, at);
    }

    void skip(int characters) {
        at = Math.min(text.length(), at + characters);
    }

    boolean take(String word) {
        if (!looksAt(word)) {
            return false;
        }
        at += word.length();
        return true;
    }

    void need(String word) throws Unreadable {
        if (!take(word)) {
            throw fault("'" + word + "' is expected");
        }
    }

    /** Over gaps and comments; @param over whether also over the ends of lines */
    void gap(boolean over) throws Unreadable {
        while (!isEnd()) {
            char next = peek();
            if (next == ' ' || next == '\t' || next == '\r' || (over && next == '\n')) {
                at++;
            } else if (next == '#' || looksAt("//")) {
                int end = text.indexOf('\n', at);
                at = end < 0 ? text.length() : end;
            } else if (looksAt("/*")) {
                int end = text.indexOf("*/", at + 2);
                if (end < 0) {
                    throw fault("a comment does not end");
                }
                at = end + 2;
            } else {
                return;
            }
        }
    }

    boolean isWord() {
        return Character.isLetter(peek()) || peek() == '_';
    }

    String word() throws Unreadable {
        if (!isWord()) {
            throw fault(isEnd() ? "it ends here" : "a name is expected");
        }
        int start = at;
        while (Character.isLetterOrDigit(peek()) || peek() == '_' || peek() == '-') {
            at++;
        }
        return text.substring(start, at);
    }

    void back(int position) {
        at = position;
    }

    /** The rest of the line without its end. */
    String rest() {
        int end = text.indexOf('\n', at);
        int start = at;
        at = end < 0 ? text.length() : end + 1;
        return text.substring(start, end < 0 ? text.length() : end);
    }
}
