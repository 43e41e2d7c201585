package dev.countersign.evidence.reader;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PushbackInputStream;
import java.io.Reader;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The characters of a stored document, to be looked at: by byte-order mark, by the zero bytes of UTF-16 and UTF-32 (RFC 4627, 3), or as its XML declaration says. What cannot be decoded is
 * replaced, since it is shown and not read.
 */
public record DocumentText(Charset charset, Reader characters) {
    private static final int HEAD = 200;

    public static DocumentText open(InputStream stream) throws IOException {
        PushbackInputStream bytes = new PushbackInputStream(stream, HEAD);
        byte[] head = bytes.readNBytes(HEAD);
        Charset charset = charset(head);
        bytes.unread(head, 0, head.length);
        Reader characters = new InputStreamReader(
                bytes,
                charset.newDecoder()
                        .onMalformedInput(CodingErrorAction.REPLACE)
                        .onUnmappableCharacter(CodingErrorAction.REPLACE));
        return new DocumentText(charset, characters);
    }

    private static Charset charset(byte[] head) {
        byte[] four = Arrays.copyOf(head, 4);
        if (head.length >= 4 && isZero(four, 0, 1) && (isZero(four, 2) || (four[2] == (byte) 0xFE))) {
            return Charset.forName("UTF-32BE");
        } else if (head.length >= 4 && isZero(four, 2, 3) && (isZero(four, 1) || (four[0] == (byte) 0xFF))) {
            return Charset.forName("UTF-32LE");
        } else if (starts(head, 0xFE, 0xFF) || (head.length >= 2 && isZero(head, 0))) {
            return StandardCharsets.UTF_16BE;
        } else if (starts(head, 0xFF, 0xFE) || (head.length >= 2 && isZero(head, 1))) {
            return StandardCharsets.UTF_16LE;
        }
        try {
            return starts(head, 0xEF, 0xBB, 0xBF)
                    ? StandardCharsets.UTF_8
                    : XmlText.declared(new String(head, StandardCharsets.ISO_8859_1));
        } catch (Unreadable unknown) {
            return StandardCharsets.UTF_8;
        }
    }

    private static boolean starts(byte[] head, int first, int second, int... more) {
        boolean same = head.length >= 2 + more.length && (head[0] & 0xFF) == first && (head[1] & 0xFF) == second;
        for (int i = 0; same && i < more.length; i++) {
            same = (head[2 + i] & 0xFF) == more[i];
        }
        return same;
    }

    private static boolean isZero(byte[] head, int... at) {
        return Arrays.stream(at).allMatch(index -> head[index] == 0);
    }
}
