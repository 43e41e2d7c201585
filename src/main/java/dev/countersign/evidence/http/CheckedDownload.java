package dev.countersign.evidence.http;

import dev.countersign.evidence.http.CheckedAddress.Names;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLSocketFactory;

/**
 * A file on a host that a system led us to, over TLS and without credentials. The connection goes to the address that was looked at; name and certificate are those of
 * the host. {@link java.net.http.HttpClient} cannot be told where to connect to.
 */
final class CheckedDownload {
    private final SSLSocketFactory tls;
    private final Duration timeout;
    private final long largest;
    private final Predicate<InetAddress> may;
    private final Names names;

    CheckedDownload(SSLSocketFactory tls, Duration timeout, long largest, Predicate<InetAddress> may, Names names) {
        this.tls = tls;
        this.timeout = timeout;
        this.largest = largest;
        this.may = may;
        this.names = names;
    }

    /** @param body empty unless the status is 200 */
    record Answer(int status, HttpHeaders headers, byte[] body) {}

    /** Where the host has an address that may not be connected to. */
    static final class NotFollowed extends IOException {
        private static final long serialVersionUID = 1L;

        NotFollowed(String message) {
            super(message);
        }
    }

    Answer get(URI address) throws IOException {
        InetAddress to = CheckedAddress.of(address.getHost(), may, names)
                .orElseThrow(() -> new NotFollowed("it is no public address"));
        HttpsURLConnection connection = (HttpsURLConnection) address.toURL().openConnection(Proxy.NO_PROXY);
        connection.setSSLSocketFactory(new PinnedSockets(tls, to, System.nanoTime() + timeout.toNanos()));
        connection.setInstanceFollowRedirects(false);
        connection.setUseCaches(false);
        connection.setRequestProperty("Connection", "close");
        connection.setRequestProperty("Accept", "*/*");
        try {
            int status = connection.getResponseCode();
            byte[] body = status == 200 ? body(connection) : new byte[0];
            return new Answer(status, headers(connection), body);
        } finally {
            connection.disconnect();
        }
    }

    private byte[] body(HttpsURLConnection connection) throws IOException {
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        try (InputStream in = connection.getInputStream()) {
            byte[] piece = new byte[8192];
            for (int count = in.read(piece); count >= 0; count = in.read(piece)) {
                if (read.size() + (long) count > largest) {
                    throw new IOException("The answer is larger than %d bytes".formatted(largest));
                }
                read.write(piece, 0, count);
            }
        }
        long announced = connection.getContentLengthLong();
        if (announced >= 0 && announced != read.size()) {
            throw new IOException("The answer ends after %d of %d bytes".formatted(read.size(), announced));
        }
        return read.toByteArray();
    }

    private static HttpHeaders headers(HttpsURLConnection connection) {
        Map<String, List<String>> headers = new HashMap<>(connection.getHeaderFields());
        // The JDK keeps the status line there.
        headers.remove(null);
        return HttpHeaders.of(headers, (name, value) -> true);
    }
}
