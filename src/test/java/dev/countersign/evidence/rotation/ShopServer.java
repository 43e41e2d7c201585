package dev.countersign.evidence.rotation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;

/** A server of {@code shop.example} on this machine, for tests of the whole platform: it may show another certificate from one moment to the next. */
public final class ShopServer {
    public static final String NAME = "shop.example";
    private final Authority root = Authority.root("Shop Root");
    private final TlsServer server = TlsServer.showing(
            root.issue(NAME, Instant.parse("2020-01-01T00:00:00Z"), Instant.parse("2039-01-01T00:00:00Z")));

    public int port() {
        return server.port();
    }

    public int connections() {
        return server.connections();
    }

    /** The root that issues, in PEM. */
    public Path root(Path folder) {
        try {
            return root.writeTo(folder.resolve("shop-root.pem"));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    public void shows(Instant from, Instant until) {
        server.shows(root.issue(NAME, from, until));
    }
}
