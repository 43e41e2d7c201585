package dev.countersign.evidence.http;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
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

    /** Where a download may be led to: the same host, or another one over TLS that is not of our own network. */
    static boolean mayLead(URI from, URI to) {
        if (to.getHost() == null || to.getUserInfo() != null) {
            return false;
        }
        if (to.getHost().equalsIgnoreCase(from.getHost())) {
            return Set.of("http", "https").contains(String.valueOf(to.getScheme()))
                    && (from.getScheme().equals("http") || to.getScheme().equals("https"));
        }
        return "https".equals(to.getScheme()) && isPublic(to.getHost());
    }

    private static boolean isPublic(String host) {
        try {
            for (InetAddress address : InetAddress.getAllByName(host)) {
                byte[] bytes = address.getAddress();
                boolean uniqueLocal = bytes.length == 16 && (bytes[0] & 0xfe) == 0xfc;
                if (address.isLoopbackAddress()
                        || address.isSiteLocalAddress()
                        || address.isLinkLocalAddress()
                        || address.isAnyLocalAddress()
                        || address.isMulticastAddress()
                        || uniqueLocal) {
                    return false;
                }
            }
            return true;
        } catch (UnknownHostException unknown) {
            return false;
        }
    }
}
