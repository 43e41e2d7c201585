package dev.countersign.evidence.rotation;

import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.DSAPublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PSSParameterSpec;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What NIST SP 800-131A and the CA/Browser Forum do not accept any more: short keys, and signatures over SHA-1 or MD5. */
final class Strength {
    private static final int SHORTEST_RSA = 2048;
    private static final int SHORTEST_EC = 224;
    private static final Set<String> BROKEN = Set.of("MD2", "MD5", "SHA1", "SHA");

    private Strength() {}

    static Optional<String> weakness(X509Certificate certificate) {
        PublicKey key = certificate.getPublicKey();
        if (!isKnown(key)) {
            return Optional.of("a key of an algorithm or a curve that is not accepted");
        }
        int bits = bits(key);
        int shortest = key instanceof ECPublicKey ? SHORTEST_EC : SHORTEST_RSA;
        if (bits > 0 && bits < shortest) {
            return Optional.of("a key of %s, at least %d bits are wanted".formatted(key(certificate), shortest));
        }
        if (!isSelfSigned(certificate) && BROKEN.contains(digest(certificate))) {
            return Optional.of("signed with " + certificate.getSigAlgName());
        }
        return Optional.empty();
    }

    /** Short curves are not even understood any more. */
    private static boolean isKnown(PublicKey key) {
        return key instanceof RSAPublicKey
                || key instanceof ECPublicKey
                || key instanceof DSAPublicKey
                || key instanceof EdECPublicKey;
    }

    static boolean isSelfSigned(X509Certificate certificate) {
        return TrustedRoots.signed(certificate, certificate);
    }

    /** {@code RSA 2048}. */
    static String key(X509Certificate certificate) {
        int bits = bits(certificate.getPublicKey());
        String algorithm = certificate.getPublicKey().getAlgorithm();
        return bits > 0 ? algorithm + " " + bits : algorithm;
    }

    /** 0 where the length of the key is that of its algorithm. */
    private static int bits(PublicKey key) {
        if (key instanceof RSAPublicKey rsa) {
            return rsa.getModulus().bitLength();
        }
        if (key instanceof DSAPublicKey dsa) {
            return dsa.getParams() == null ? 0 : dsa.getParams().getP().bitLength();
        }
        return key instanceof ECPublicKey ec ? ec.getParams().getOrder().bitLength() : 0;
    }

    private static String digest(X509Certificate certificate) {
        String name = certificate.getSigAlgName().toUpperCase(Locale.ROOT);
        if (name.equals("RSASSA-PSS") && certificate.getSigAlgParams() != null) {
            try {
                AlgorithmParameters parameters = AlgorithmParameters.getInstance("RSASSA-PSS");
                parameters.init(certificate.getSigAlgParams());
                name = parameters
                        .getParameterSpec(PSSParameterSpec.class)
                        .getDigestAlgorithm()
                        .toUpperCase(Locale.ROOT);
            } catch (GeneralSecurityException | java.io.IOException unreadable) {
                return "SHA1";
            }
        }
        int with = name.indexOf("WITH");
        return (with < 0 ? name : name.substring(0, with)).replace("-", "");
    }
}
