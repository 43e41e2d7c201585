package dev.countersign.rollout.gateway;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A client that trusts the authorities of a file and nobody else. It is made anew when the file has changed: clusters change their authority. */
final class TrustedClient {
    private final Path caFile;
    private final Duration connectTimeout;
    private byte[] trusted;
    private HttpClient client;

    /** @param caFile null where the server is asked without TLS */
    TrustedClient(Path caFile, Duration connectTimeout) {
        this.caFile = caFile;
        this.connectTimeout = connectTimeout;
    }

    synchronized HttpClient get() throws IOException {
        byte[] authorities = caFile == null ? new byte[0] : read();
        if (client == null || !Arrays.equals(trusted, authorities)) {
            HttpClient.Builder made = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(connectTimeout)
                    .followRedirects(HttpClient.Redirect.NEVER);
            client = (caFile == null ? made : made.sslContext(trusting(authorities))).build();
            trusted = authorities;
        }
        return client;
    }

    private byte[] read() throws IOException {
        try {
            return Files.readAllBytes(caFile);
        } catch (IOException unreadable) {
            throw new IOException("the file of its authorities cannot be read", unreadable);
        }
    }

    private static SSLContext trusting(byte[] authorities) throws IOException {
        try {
            Collection<? extends Certificate> certificates =
                    CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(authorities));
            if (certificates.isEmpty()) {
                throw new IOException("the file of its authorities has no certificate");
            }
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int number = 0;
            for (Certificate each : certificates) {
                store.setCertificateEntry("authority-" + number++, each);
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException unusable) {
            throw new IOException("the file of its authorities is not a list of certificates in PEM", unusable);
        }
    }
}
