package dev.countersign.evidence.rotation;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

/** One TLS handshake, and what the server showed in it. A server that trickles is cut off: the time is that of the whole handshake. */
final class Handshake {
    private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};
    private final ScheduledExecutorService deadlines;

    Handshake(ScheduledExecutorService deadlines) {
        this.deadlines = deadlines;
    }

    /**
     * @param protocol null where the handshake did not end well
     * @param fault why not; null where it did
     */
    record Shown(String protocol, List<X509Certificate> chain, Fault fault) {}

    Shown with(InetSocketAddress address, String serverName, Duration timeout) {
        RecordingTrust trust = new RecordingTrust();
        AtomicBoolean late = new AtomicBoolean();
        int millis = (int) Math.max(1, timeout.toMillis());
        try (Socket plain = new Socket()) {
            ScheduledFuture<?> end = deadlines.schedule(() -> cutOff(plain, late), millis, TimeUnit.MILLISECONDS);
            try {
                plain.connect(address, millis);
                plain.setSoTimeout(millis);
                return new Shown(shake(plain, serverName, trust), trust.shown(), null);
            } finally {
                end.cancel(false);
            }
        } catch (IOException failure) {
            return new Shown(null, trust.shown(), fault(failure, late.get()));
        }
    }

    private static String shake(Socket plain, String serverName, RecordingTrust trust) throws IOException {
        try (SSLSocket socket =
                (SSLSocket) context(trust).getSocketFactory().createSocket(plain, serverName, plain.getPort(), true)) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setProtocols(PROTOCOLS);
            // An address is no name to ask for (RFC 6066).
            parameters.setServerNames(
                    ServerIdentity.isAddress(serverName) ? List.of() : List.of(new SNIHostName(serverName)));
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            return socket.getSession().getProtocol();
        }
    }

    private static SSLContext context(RecordingTrust trust) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {trust}, null);
            return context;
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static void cutOff(Socket socket, AtomicBoolean late) {
        late.set(true);
        try {
            socket.close();
        } catch (IOException closed) {
            // Nobody waits for it any more.
            return;
        }
    }

    private static Fault fault(IOException failure, boolean late) {
        if (late || failure instanceof SocketTimeoutException) {
            return new Fault(Fault.TIMED_OUT, "no handshake within the time");
        }
        String message = String.valueOf(failure.getMessage());
        if (failure instanceof SSLException) {
            boolean old =
                    message.contains("protocol_version") || message.contains("is not accepted by client preferences");
            return old
                    ? new Fault(Fault.WEAK, "it speaks no TLS 1.2 or later")
                    : new Fault(Fault.HANDSHAKE, "the handshake failed: " + message);
        }
        if (failure instanceof ConnectException) {
            return new Fault(Fault.UNREACHABLE, "the connection was refused");
        }
        return failure instanceof SocketException
                ? new Fault(Fault.HANDSHAKE, "the connection broke off")
                : new Fault(Fault.HANDSHAKE, "the handshake failed: " + message);
    }
}
