package dev.countersign.evidence.rotation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** A server on this machine that shakes hands, or does not. */
final class TlsServer implements AutoCloseable {
    private final ServerSocket socket;
    private final List<Socket> open = Collections.synchronizedList(new ArrayList<>());

    private AtomicReference<SSLContext> context;

    private interface Serve {
        void serve(Socket connection) throws IOException;
    }

    private TlsServer(ServerSocket socket, Serve serve) {
        this.socket = socket;
        Thread thread = new Thread(() -> accept(serve), "tls-server");
        thread.setDaemon(true);
        thread.start();
    }

    /** Shows this certificate. */
    static TlsServer showing(Authority.Issued issued, String... protocols) {
        AtomicReference<SSLContext> context = new AtomicReference<>(context(issued));
        TlsServer server = plain(connection -> {
            SSLSocket socket = (SSLSocket)
                    context.get().getSocketFactory().createSocket(connection, null, connection.getPort(), true);
            socket.setUseClientMode(false);
            if (protocols.length > 0) {
                socket.setEnabledProtocols(protocols);
            }
            socket.startHandshake();
        });
        server.context = context;
        return server;
    }

    /** From now on. */
    void shows(Authority.Issued issued) {
        context.set(context(issued));
    }

    private static SSLContext context(Authority.Issued issued) {
        try {
            KeyManagerFactory keys = KeyManagerFactory.getInstance("SunX509");
            keys.init(issued.keyStore(), new char[0]);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            return context;
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Accepts, and never says a word. */
    static TlsServer silent() {
        return plain(connection -> {});
    }

    /** Answers, but not in TLS. */
    static TlsServer talkingHttp() {
        return plain(connection -> {
            connection.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            connection.getOutputStream().flush();
        });
    }

    private static TlsServer plain(Serve serve) {
        try {
            return new TlsServer(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), serve);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private void accept(Serve serve) {
        while (!socket.isClosed()) {
            try {
                Socket connection = socket.accept();
                open.add(connection);
                serve.serve(connection);
            } catch (IOException refused) {
                // The client may not like what it sees; the next one comes.
                continue;
            }
        }
    }

    int port() {
        return socket.getLocalPort();
    }

    int connections() {
        return open.size();
    }

    @Override
    public void close() throws IOException {
        socket.close();
        for (Socket connection : List.copyOf(open)) {
            connection.close();
        }
    }
}
