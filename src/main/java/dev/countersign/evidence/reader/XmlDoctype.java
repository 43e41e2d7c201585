package dev.countersign.evidence.reader;

import java.io.IOException;
import java.io.PushbackReader;
import java.io.Reader;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A document type declaration that only points elsewhere, as JaCoCo and Cobertura write it. The parser never sees it: it is blanked, so that nothing is loaded, lines and columns stay, and
 * every other declaration (with an internal subset, where entities are declared) meets the parser, which refuses it.
 */
final class XmlDoctype {
    /** The prolog of a report is short; a declaration that begins behind this is refused by the parser. */
    private static final int PROLOG = 4096;

    /** XML declaration, comments and white space; then the declaration itself, without {@code [}. */
    private static final Pattern DOCTYPE = Pattern.compile(
            "\\A\\uFEFF?\\s*+(?:<\\?[^>]{0,500}+>\\s*+|<!--(?:(?!-->).){0,1000}+-->\\s*+){0,20}+"
                    + "(<!DOCTYPE\\s++[A-Za-z_][\\w.-]*+(?:\\s++(?:PUBLIC\\s++(?:\"[^\"<>\\[]*+\"|'[^'<>\\[]*+')|SYSTEM)"
                    + "\\s++(?:\"[^\"<>\\[]*+\"|'[^'<>\\[]*+'))?+\\s*+>)",
            Pattern.DOTALL);

    private XmlDoctype() {}

    static Reader passOver(Reader text) throws IOException {
        char[] head = new char[PROLOG];
        int length = 0;
        for (int read = 0; read >= 0 && length < PROLOG; length += Math.max(read, 0)) {
            read = text.read(head, length, PROLOG - length);
        }
        Matcher doctype = DOCTYPE.matcher(new String(head, 0, length));
        if (doctype.find()) {
            for (int at = doctype.start(1); at < doctype.end(1); at++) {
                head[at] = head[at] == '\n' || head[at] == '\r' ? head[at] : ' ';
            }
        }
        PushbackReader whole = new PushbackReader(text, PROLOG);
        whole.unread(head, 0, length);
        return whole;
    }
}
