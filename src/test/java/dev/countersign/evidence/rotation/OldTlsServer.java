package dev.countersign.evidence.rotation;

import java.io.InputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/** A server that speaks TLS 1.1 at most. A process of its own: what Java still speaks is a setting of the whole virtual machine. */
final class OldTlsServer {
    private OldTlsServer() {}

    public static void main(String[] arguments) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream file = Files.newInputStream(Path.of(arguments[0]))) {
            store.load(file, new char[0]);
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance("SunX509");
        keys.init(store, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        try (SSLServerSocket socket = (SSLServerSocket)
                context.getServerSocketFactory().createServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            socket.setEnabledProtocols(new String[] {"TLSv1.1"});
            System.out.println(socket.getLocalPort());
            while (true) {
                try (SSLSocket connection = (SSLSocket) socket.accept()) {
                    connection.startHandshake();
                } catch (java.io.IOException refused) {
                    continue;
                }
            }
        }
    }
}
