package dev.countersign.evidence.reader;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A public key that operators trust, and for what. */
record TrustedKey(String name, PublicKey key, Set<String> ids, List<String> predicates, List<String> services) {
    private static final int LARGEST_FILE = 64 * 1024;
    private static final int SHORTEST_RSA = 2048;
    /** Two numbers of 32 bytes, as DSSE's own example writes them, where others write ASN.1. */
    private static final int PLAIN_P256 = 64;

    private static final Pattern PEM =
            Pattern.compile("-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\\s]+)-----END PUBLIC KEY-----");
    /** The prime of P-256 (FIPS 186-4, D.1.2.3). */
    private static final BigInteger P256 =
            new BigInteger("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff", 16);

    /** @throws IllegalArgumentException with the file's name when it holds no such key: the platform does not start with trust that it cannot check */
    static TrustedKey of(TrustProperties.Key named) {
        byte[] encoded = encoded(named);
        PublicKey key = key(encoded, named);
        String sha256;
        try {
            sha256 = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(encoded));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
        Set<String> ids = named.keyid() == null || named.keyid().isBlank()
                ? Set.of(sha256, "SHA256:" + sha256)
                : Set.of(sha256, "SHA256:" + sha256, named.keyid().strip());
        return new TrustedKey(named.name(), key, ids, named.predicates(), named.services());
    }

    private static byte[] encoded(TrustProperties.Key named) {
        try (InputStream in = Files.newInputStream(named.file())) {
            String text = new String(in.readNBytes(LARGEST_FILE), StandardCharsets.US_ASCII);
            Matcher pem = PEM.matcher(text);
            if (text.contains("PRIVATE KEY") || !pem.find()) {
                throw wrong(named, "must hold one public key in PEM (BEGIN PUBLIC KEY), and no private one");
            }
            byte[] bytes = Base64.getMimeDecoder().decode(pem.group(1));
            if (pem.find()) {
                throw wrong(named, "holds more than one key: list each in a file of its own");
            }
            return bytes;
        } catch (IOException unreadable) {
            throw wrong(named, "cannot be read");
        }
    }

    private static PublicKey key(byte[] encoded, TrustProperties.Key named) {
        for (String algorithm : List.of("Ed25519", "EC", "RSA")) {
            try {
                PublicKey key = KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(encoded));
                if (key instanceof ECPublicKey curve
                        && !(curve.getParams().getCurve().getField() instanceof java.security.spec.ECFieldFp field
                                && field.getP().equals(P256))) {
                    throw wrong(named, "is on another curve than P-256");
                }
                if (key instanceof RSAPublicKey rsa && rsa.getModulus().bitLength() < SHORTEST_RSA) {
                    throw wrong(named, "is shorter than " + SHORTEST_RSA + " bits");
                }
                return key;
            } catch (GeneralSecurityException another) {
                // A key of another kind.
            }
        }
        throw wrong(named, "is neither Ed25519 nor ECDSA P-256 nor RSA");
    }

    private static IllegalArgumentException wrong(TrustProperties.Key named, String why) {
        return new IllegalArgumentException(
                "countersign.evidence.trust.keys: the file of %s, %s, %s".formatted(named.name(), named.file(), why));
    }

    /** @param service null where that is not known: only keys for all services count then */
    boolean counts(String predicate, String service) {
        return (services.isEmpty() || (service != null && services.contains(service)))
                && (predicates.isEmpty() || predicates.stream().anyMatch(one -> matches(one, predicate)));
    }

    private static boolean matches(String named, String predicate) {
        return named.endsWith("*")
                ? predicate.startsWith(named.substring(0, named.length() - 1))
                : named.equals(predicate);
    }

    /** @param signed the bytes of DSSE's pre-authentication encoding */
    boolean verifies(byte[] signed, byte[] signature) {
        return switch (key.getAlgorithm()) {
            case "EC" ->
                fits("SHA256withECDSA", null, signed, signature)
                        || (signature.length == PLAIN_P256
                                && fits("SHA256withECDSAinP1363Format", null, signed, signature));
            case "RSA" ->
                fits(
                                "RSASSA-PSS",
                                new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1),
                                signed,
                                signature)
                        || fits("SHA256withRSA", null, signed, signature);
            default -> fits("Ed25519", null, signed, signature);
        };
    }

    private boolean fits(String algorithm, PSSParameterSpec parameters, byte[] signed, byte[] signature) {
        try {
            Signature check = Signature.getInstance(algorithm);
            if (parameters != null) {
                check.setParameter(parameters);
            }
            check.initVerify(key);
            check.update(signed);
            return check.verify(signature);
        } catch (GeneralSecurityException | IllegalArgumentException unfit) {
            return false;
        }
    }
}
