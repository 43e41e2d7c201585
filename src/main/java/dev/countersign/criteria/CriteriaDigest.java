package dev.countersign.criteria;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** The digest of a set: over text, binding and limit of its criteria in their order, one field a line. */
final class CriteriaDigest {
    private CriteriaDigest() {}

    static String of(List<Draft> drafts) {
        var lines = new StringBuilder();
        for (Draft draft : drafts) {
            // Line breaks inside a text must not be able to look like another criterion.
            lines.append(draft.text().replace("\\", "\\\\").replace("\n", "\\n"))
                    .append('\n')
                    .append(draft.binding())
                    .append('\n')
                    .append(draft.limit())
                    .append('\n');
        }
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256").digest(lines.toString().getBytes(StandardCharsets.UTF_8));
            return "sha256:" + HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
