package dev.countersign.incident.reported;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a system shares with us. Compared in constant time; shown to nobody who prints it. A file that is empty or cannot be read is known by nobody. */
final class SharedSecret {
    private static final Logger LOG = LoggerFactory.getLogger(SharedSecret.class);
    private static final int SHORTEST = 16;

    private final String source;
    private final String value;
    private final Path file;

    private SharedSecret(String source, String value, Path file) {
        this.source = source;
        this.value = value;
        this.file = file;
    }

    /** Empty where neither is given. */
    static Optional<SharedSecret> of(String source, String value, Path file) {
        String key = "countersign.incident.reported." + source + ".webhook-secret";
        String given = value == null || value.isBlank() ? null : value.strip();
        if (given != null && file != null) {
            throw new IllegalArgumentException(key + " stands in a file or here, not in both");
        }
        if (given != null && given.length() < SHORTEST) {
            throw new IllegalArgumentException(key + " needs at least " + SHORTEST + " characters");
        }
        return given == null && file == null ? Optional.empty() : Optional.of(new SharedSecret(source, given, file));
    }

    /** Whoever has one of two that are equal could tell of the incidents of both systems. A file that cannot be read yet is known by nobody. */
    void checkOtherThan(SharedSecret other) {
        String own = read();
        String others = other.read();
        if (own != null && others != null && isEqual(own, others)) {
            throw new IllegalArgumentException(
                    "countersign.incident.reported.%s.webhook-secret is that of %s: each system has one of its own"
                            .formatted(source, other.source));
        }
    }

    boolean isShown(String token) {
        String secret = read();
        return secret != null && token != null && isEqual(secret, token.strip());
    }

    /**
     * @param prefix before the hexadecimal digits, such as {@code v1=}
     * @param signatures one or more, separated by commas: while a secret is exchanged a body is signed with both
     */
    boolean signed(String prefix, String signatures, byte[] body) {
        String secret = read();
        if (secret == null || signatures == null) {
            return false;
        }
        String own = prefix + HexFormat.of().formatHex(hmac(secret, body));
        return Arrays.stream(signatures.split(",", 20))
                .map(String::strip)
                .map(one -> isEqual(own, one))
                .reduce(false, Boolean::logicalOr);
    }

    private String read() {
        if (file == null) {
            return value;
        }
        try {
            String text = Files.readString(file).strip();
            if (text.length() >= SHORTEST) {
                return text;
            }
            LOG.error("The file with the webhook secret of {} holds fewer than {} characters", source, SHORTEST);
        } catch (IOException unreadable) {
            LOG.error("The file with the webhook secret of {} cannot be read", source, unreadable);
        }
        return null;
    }

    private static boolean isEqual(String one, String other) {
        return MessageDigest.isEqual(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] hmac(String secret, byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return mac.doFinal(body);
        } catch (NoSuchAlgorithmException | InvalidKeyException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    public String toString() {
        return "(secret)";
    }
}
