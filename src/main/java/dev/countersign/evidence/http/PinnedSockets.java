package dev.countersign.evidence.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocketFactory;

/**
 * Connects to one address, whatever the name that a client connects to resolves to, and until one moment: also the handshake, the headers and a body that trickles
 * end then. TLS is laid over it with the client's own name for the host.
 */
final class PinnedSockets extends SSLSocketFactory {
    private final SSLSocketFactory tls;
    private final InetAddress address;
    private final long end;

    /** @param end as {@link System#nanoTime} counts */
    PinnedSockets(SSLSocketFactory tls, InetAddress address, long end) {
        super();
        this.tls = tls;
        this.address = address;
        this.end = end;
    }

    /** Not connected yet: the client connects it, and then asks for TLS over it. */
    @Override
    public Socket createSocket() {
        return new Pinned(address, end);
    }

    @Override
    public Socket createSocket(Socket connected, String host, int port, boolean autoClose) throws IOException {
        if (!(connected instanceof Pinned)) {
            throw new IOException("The connection was made to an address that nobody looked at");
        }
        return tls.createSocket(connected, host, port, autoClose);
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        throw unlooked();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort) throws IOException {
        throw unlooked();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        throw unlooked();
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) throws IOException {
        throw unlooked();
    }

    private static IOException unlooked() {
        return new IOException("Only the address that was looked at is connected to");
    }

    @Override
    public String[] getDefaultCipherSuites() {
        return tls.getDefaultCipherSuites();
    }

    @Override
    public String[] getSupportedCipherSuites() {
        return tls.getSupportedCipherSuites();
    }

    private static final class Pinned extends Socket {
        private final InetAddress address;
        private final long end;

        Pinned(InetAddress address, long end) {
            super();
            this.address = address;
            this.end = end;
        }

        @Override
        public void connect(SocketAddress wanted) throws IOException {
            connect(wanted, 0);
        }

        @Override
        public void connect(SocketAddress wanted, int timeout) throws IOException {
            super.connect(new InetSocketAddress(address, ((InetSocketAddress) wanted).getPort()), left());
        }

        @Override
        public InputStream getInputStream() throws IOException {
            return new FilterInputStream(super.getInputStream()) {
                @Override
                public int read() throws IOException {
                    setSoTimeout(left());
                    return super.read();
                }

                @Override
                public int read(byte[] into, int from, int most) throws IOException {
                    setSoTimeout(left());
                    return super.read(into, from, most);
                }
            };
        }

        private int left() throws SocketTimeoutException {
            long millis = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (millis <= 0) {
                throw new SocketTimeoutException("No complete answer in time");
            }
            return (int) Math.min(Integer.MAX_VALUE, millis);
        }
    }
}
