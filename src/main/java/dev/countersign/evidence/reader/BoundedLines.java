package dev.countersign.evidence.reader;

import java.io.FilterReader;
import java.io.IOException;
import java.io.Reader;

/**
 * Refuses very long lines. The YAML scanner looks ahead to the end of a gap, a comment or a word, and copies all that it has seen each time it reads on:
 * a line of twenty megabytes would keep it busy for minutes.
 */
final class BoundedLines extends FilterReader {
    static final int LONGEST = 100_000;

    private int line = 1;
    private int length;

    BoundedLines(Reader text) {
        super(text);
    }

    @Override
    public int read() throws IOException {
        int character = super.read();
        if (character >= 0) {
            count((char) character);
        }
        return character;
    }

    @Override
    public int read(char[] buffer, int offset, int size) throws IOException {
        int read = super.read(buffer, offset, size);
        for (int at = offset; at < offset + read; at++) {
            count(buffer[at]);
        }
        return read;
    }

    private void count(char character) throws IOException {
        if (character == '\n') {
            line++;
            length = 0;
        } else if (++length > LONGEST) {
            throw new TooLong("line %d has more than %d characters".formatted(line, LONGEST));
        }
    }

    static final class TooLong extends IOException {
        private static final long serialVersionUID = 1L;

        TooLong(String message) {
            super(message);
        }
    }
}
