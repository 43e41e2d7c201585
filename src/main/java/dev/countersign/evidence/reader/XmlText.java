package dev.countersign.evidence.reader;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PushbackInputStream;
import java.io.Reader;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The characters of an XML or YAML document, by byte-order mark, zero bytes or declared encoding (XML 1.0, appendix F; YAML 1.2, 5.2). Decoded here and not by the JDK's
 * parser, which prints each malformed byte to standard error and loses its place.
 */
final class XmlText {
    private static final int DECLARATION = 200;
    private static final Pattern ENCODING =
            Pattern.compile("^\\s*<\\?xml[^>]*\\sencoding\\s*=\\s*[\"']([A-Za-z0-9._-]+)[\"']");

    private XmlText() {}

    static Reader open(InputStream stream) throws IOException, Unreadable {
        PushbackInputStream bytes = new PushbackInputStream(stream, DECLARATION);
        byte[] head = bytes.readNBytes(DECLARATION);
        int mark = 0;
        Charset charset;
        if (starts(head, 0xEF, 0xBB, 0xBF)) {
            mark = 3;
            charset = StandardCharsets.UTF_8;
        } else if (starts(head, 0xFE, 0xFF)) {
            mark = 2;
            charset = StandardCharsets.UTF_16BE;
        } else if (starts(head, 0xFF, 0xFE)) {
            mark = 2;
            charset = StandardCharsets.UTF_16LE;
        } else if (head.length > 3 && Math.max(head[1], head[2]) == 0 && (head[0] == 0) != (head[3] == 0)) {
            charset = Charset.forName(head[0] == 0 ? "UTF-32BE" : "UTF-32LE");
        } else if (head.length > 1 && (head[0] == 0) != (head[1] == 0)) {
            // Each such document begins with a character of ASCII.
            charset = head[0] == 0 ? StandardCharsets.UTF_16BE : StandardCharsets.UTF_16LE;
        } else {
            charset = declared(new String(head, StandardCharsets.ISO_8859_1));
        }
        bytes.unread(head, mark, head.length - mark);
        return new InputStreamReader(
                bytes,
                charset.newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT));
    }

    static Charset declared(String head) throws Unreadable {
        Matcher declaration = ENCODING.matcher(head);
        if (!declaration.find()) {
            return StandardCharsets.UTF_8;
        }
        try {
            return Charset.forName(declaration.group(1));
        } catch (IllegalCharsetNameException | UnsupportedCharsetException unknown) {
            throw new Unreadable("the encoding " + declaration.group(1) + " is not known", "line 1, column 1");
        }
    }

    private static boolean starts(byte[] head, int... wanted) {
        if (head.length < wanted.length) {
            return false;
        }
        for (int i = 0; i < wanted.length; i++) {
            if ((head[i] & 0xFF) != wanted[i]) {
                return false;
            }
        }
        return true;
    }
}
