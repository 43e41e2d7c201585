package dev.countersign.evidence.reader;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Tells apart what has no name of its own, the same way in each document. */
public final class Digests {
    private static final int LENGTH = 12;

    private Digests() {}

    /** A few characters that stand for the words: other words have others. */
    public static String brief(String words) {
        return brief(words.getBytes(StandardCharsets.UTF_8));
    }

    static String brief(byte[] of) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(of))
                    .substring(0, LENGTH);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
