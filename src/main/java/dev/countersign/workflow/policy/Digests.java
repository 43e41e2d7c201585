package dev.countersign.workflow.policy;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/** Digests of files and of sets of files. */
final class Digests {
    private Digests() {}

    static String of(byte[] content) {
        return "sha256:" + HexFormat.of().formatHex(sha256().digest(content));
    }

    /** Over name and content of each file, in the order of their names. */
    static String ofSet(Map<String, byte[]> files) {
        MessageDigest digest = sha256();
        new TreeMap<>(files)
                .forEach((name, content) ->
                        digest.update((name + "\0" + of(content) + "\n").getBytes(StandardCharsets.UTF_8)));
        return "sha256:" + HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
