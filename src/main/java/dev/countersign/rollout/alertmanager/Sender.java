package dev.countersign.rollout.alertmanager;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Who sent a delivery: whoever knows the secret, shown as a bearer token or by the body's HMAC. Compared in constant time. */
final class Sender {
    private static final String BEARER = "Bearer ";
    private static final String SIGNED = "sha256=";
    private final byte[] secret;

    Sender(String secret) {
        this.secret = secret.getBytes(StandardCharsets.UTF_8);
    }

    boolean knowsSecret(String authorization) {
        return authorization != null
                && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
                && MessageDigest.isEqual(
                        authorization.substring(BEARER.length()).getBytes(StandardCharsets.UTF_8), secret);
    }

    boolean signed(String signature, Mac read) {
        return signature != null
                && signature.startsWith(SIGNED)
                && MessageDigest.isEqual(
                        signature.substring(SIGNED.length()).getBytes(StandardCharsets.US_ASCII),
                        HexFormat.of().formatHex(read.doFinal()).getBytes(StandardCharsets.US_ASCII));
    }

    /** To be given the whole body. */
    Mac mac() {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            return mac;
        } catch (NoSuchAlgorithmException | InvalidKeyException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
