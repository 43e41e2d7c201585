package dev.countersign.catalog;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A file as read.
 *
 * @param name path below its folder, with slashes
 */
record SourceFile(String name, byte[] content) {

    /** {@code sha256:} and the hexadecimal digest of the exact bytes. */
    String digest() {
        return digest(content);
    }

    /** As it is stored: files that cannot be decoded have been refused before. */
    String text() {
        return new String(content, StandardCharsets.UTF_8);
    }

    static String digest(byte[] content) {
        try {
            return "sha256:"
                    + HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
