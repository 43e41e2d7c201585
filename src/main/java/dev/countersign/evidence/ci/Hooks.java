package dev.countersign.evidence.ci;

import dev.countersign.evidence.http.Secret;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.function.BiPredicate;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.springframework.http.HttpHeaders;

/** Who sent a webhook: whoever knows the secret. Compared in constant time. */
final class Hooks {
    private static final int SHORTEST = 16;

    private Hooks() {}

    static void check(String prefix, String secret, Path file) {
        if (Secret.of(prefix + ".webhook-secret", secret, file) != null
                && secret != null
                && !secret.isBlank()
                && secret.strip().length() < SHORTEST) {
            throw new IllegalArgumentException(prefix + ".webhook-secret needs at least " + SHORTEST + " characters");
        }
    }

    static boolean knows(Secret secret, String shown) {
        return shown != null && isEqual(shown, read(secret));
    }

    /** @param signature {@code sha256=} and the HMAC of the body in hexadecimal digits */
    static boolean signed(Secret secret, String signature, byte[] body) {
        return signature != null
                && isEqual(signature, "sha256=" + HexFormat.of().formatHex(hmac(read(secret), body)));
    }

    /** As bearer token, or by {@code X-Countersign-Signature}: for senders that have no way of their own. */
    static BiPredicate<Secret, byte[]> either(HttpServletRequest request) {
        String authorization = request.getHeader(HttpHeaders.AUTHORIZATION);
        return (secret, body) -> authorization != null && authorization.startsWith("Bearer ")
                ? knows(secret, authorization.substring("Bearer ".length()))
                : signed(secret, request.getHeader("X-Countersign-Signature"), body);
    }

    /** A file may have been emptied since: nobody knows an empty secret. */
    private static String read(Secret secret) {
        String text = secret.read();
        if (text == null || text.length() < SHORTEST) {
            throw new IllegalStateException(
                    "The secret of a webhook is shorter than %d characters".formatted(SHORTEST));
        }
        return text;
    }

    private static boolean isEqual(String one, String other) {
        return MessageDigest.isEqual(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] hmac(String secret, byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return mac.doFinal(body);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
