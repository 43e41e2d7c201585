package dev.countersign.evidence.http;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.springframework.web.util.UriUtils;

/** Addresses of systems: named by operators only. What comes out of a release becomes a single, encoded part of a path or a query. */
public final class BaseAddress {
    private BaseAddress() {}

    /** @throws IllegalArgumentException unless it is {@code http(s)://host[:port][/path]} without a user in it */
    public static void check(String key, URI url) {
        if (url != null
                && (!Set.of("http", "https").contains(String.valueOf(url.getScheme()))
                        || url.getHost() == null
                        || url.getUserInfo() != null
                        || url.getQuery() != null
                        || url.getFragment() != null)) {
            throw new IllegalArgumentException(key + " must be http(s)://host[:port][/path], without a user in it");
        }
    }

    public static String segment(String raw) {
        if (raw.equals(".") || raw.equals("..")) {
            throw new IllegalArgumentException("no name: " + raw);
        }
        return UriUtils.encode(raw, StandardCharsets.UTF_8);
    }

    /** Whether a download that a system leads to another place stays on the system's own host, which operators named. */
    static boolean isSameHost(URI from, URI to) {
        return from.getHost().equalsIgnoreCase(to.getHost())
                && to.getUserInfo() == null
                && Set.of("http", "https").contains(String.valueOf(to.getScheme()))
                && (from.getScheme().equals("http") || to.getScheme().equals("https"));
    }

    /** Whether another host may be asked at all: over TLS, and without a user in the address. */
    static boolean isElsewhere(URI from, URI to) {
        return to.getHost() != null
                && to.getUserInfo() == null
                && !to.getHost().equalsIgnoreCase(from.getHost())
                && "https".equals(to.getScheme());
    }
}
