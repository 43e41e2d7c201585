package dev.countersign.evidence.rotation;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** The roots that Java brings along, and private ones out of a file in PEM. */
record TrustedRoots(Set<X509Certificate> roots) {
    TrustedRoots {
        roots = Set.copyOf(roots);
    }

    /** @param file null where there are none beside Java's */
    static TrustedRoots with(Path file) throws IOException {
        Set<X509Certificate> roots = new LinkedHashSet<>(javas());
        if (file != null) {
            roots.addAll(in(file));
        }
        return new TrustedRoots(roots);
    }

    /** A context that trusts these roots only; null, for Java's, where no file is named. */
    static SSLContext only(Path file) {
        if (file == null) {
            return null;
        }
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int index = 0;
            for (X509Certificate root : in(file)) {
                store.setCertificateEntry("root-" + index++, root);
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException unusable) {
            throw new IllegalArgumentException("The certificates in " + file + " cannot be used", unusable);
        }
    }

    private static Set<X509Certificate> in(Path file) throws IOException {
        try (InputStream pem = Files.newInputStream(file)) {
            Set<X509Certificate> roots = Pem.certificates(pem);
            if (roots.isEmpty()) {
                throw new IOException("there is no certificate in it");
            }
            return roots;
        } catch (CertificateException broken) {
            throw new IOException("a certificate in it cannot be read", broken);
        }
    }

    private static Set<X509Certificate> javas() {
        try {
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init((KeyStore) null);
            return Arrays.stream(trust.getTrustManagers())
                    .filter(X509TrustManager.class::isInstance)
                    .map(X509TrustManager.class::cast)
                    .findFirst()
                    .map(X509TrustManager::getAcceptedIssuers)
                    .map(Set::of)
                    .orElse(Set.of());
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    boolean has(X509Certificate certificate) {
        return roots.contains(certificate);
    }

    /** The root that signed it. */
    Optional<X509Certificate> issuerOf(X509Certificate certificate) {
        return roots.stream().filter(root -> signed(root, certificate)).findFirst();
    }

    static boolean signed(X509Certificate issuer, X509Certificate certificate) {
        if (!issuer.getSubjectX500Principal().equals(certificate.getIssuerX500Principal())) {
            return false;
        }
        try {
            certificate.verify(issuer.getPublicKey());
            return true;
        } catch (GeneralSecurityException otherKey) {
            return false;
        }
    }

    /** Certificates in PEM. */
    static final class Pem {
        private Pem() {}

        static Set<X509Certificate> certificates(InputStream pem) throws CertificateException {
            Set<X509Certificate> found = new LinkedHashSet<>();
            for (var one : CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
                found.add((X509Certificate) one);
            }
            return found;
        }
    }
}
