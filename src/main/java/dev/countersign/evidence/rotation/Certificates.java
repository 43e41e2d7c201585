package dev.countersign.evidence.rotation;

import dev.countersign.evidence.reader.Words;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A certificate as a document states it. */
final class Certificates {
    private Certificates() {}

    /** Who relies on a root relies on the root that is kept, not on the one that was shown. */
    static List<Map<String, Object>> entries(List<X509Certificate> shown) {
        return shown.stream()
                .filter(one -> shown.indexOf(one) == 0 || !Strength.isSelfSigned(one))
                .map(Certificates::entry)
                .toList();
    }

    private static Map<String, Object> entry(X509Certificate certificate) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("serial", certificate.getSerialNumber().toString(16));
        entry.put("sha256", sha256(certificate));
        entry.put("subject", name(certificate));
        entry.put("issuer", Words.of(certificate.getIssuerX500Principal().getName()));
        entry.put("notBefore", certificate.getNotBefore().toInstant().toString());
        entry.put("notAfter", certificate.getNotAfter().toInstant().toString());
        entry.put("key", Strength.key(certificate));
        entry.put("signature", Words.of(certificate.getSigAlgName()));
        return entry;
    }

    static String name(X509Certificate certificate) {
        return Words.of(certificate.getSubjectX500Principal().getName());
    }

    static String sha256(X509Certificate certificate) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
