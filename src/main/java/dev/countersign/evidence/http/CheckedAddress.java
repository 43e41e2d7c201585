package dev.countersign.evidence.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The address of a host that somebody outside named, looked at before anything is sent there. A name is resolved once, and what was looked at is what is connected
 * to: asked again it could lead elsewhere (DNS rebinding).
 */
public final class CheckedAddress {
    private CheckedAddress() {}

    /** Resolves names; tests have their own. */
    @FunctionalInterface
    interface Names {
        InetAddress[] of(String host) throws UnknownHostException;
    }

    /** @return the address to connect to; empty where the name has one that may not be connected to */
    public static Optional<InetAddress> of(String host, Predicate<InetAddress> may) throws UnknownHostException {
        return of(host, may, InetAddress::getAllByName);
    }

    static Optional<InetAddress> of(String host, Predicate<InetAddress> may, Names names) throws UnknownHostException {
        InetAddress[] addresses = names.of(host);
        for (InetAddress address : addresses) {
            if (!may.test(address)) {
                return Optional.empty();
            }
        }
        return addresses.length == 0 ? Optional.empty() : Optional.of(addresses[0]);
    }

    /** Whether it is nobody's own network: not this machine, a private network, or where a cloud tells its machines secrets. */
    public static boolean isPublic(InetAddress address) {
        return !address.isLoopbackAddress()
                && !address.isSiteLocalAddress()
                && !address.isLinkLocalAddress()
                && !address.isAnyLocalAddress()
                && !address.isMulticastAddress()
                && !isReserved(address.getAddress());
    }

    /** What the JDK has no word for (RFC 6890, RFC 6598, RFC 4193, RFC 6052). */
    private static boolean isReserved(byte[] bytes) {
        int first = bytes[0] & 0xff;
        int second = bytes[1] & 0xff;
        if (bytes.length == 4) {
            boolean thisNetwork = first == 0;
            boolean shared = first == 100 && (second & 0xc0) == 64;
            boolean forProtocols = first == 192 && second == 0 && bytes[2] == 0;
            boolean forBenchmarks = first == 198 && (second & 0xfe) == 18;
            boolean forNobody = first >= 240;
            return thisNetwork || shared || forProtocols || forBenchmarks || forNobody;
        }
        boolean uniqueLocal = (first & 0xfe) == 0xfc;
        // Addresses that a gateway turns into one of the fourth version, which may be any.
        boolean translated = first == 0 && second == 0x64 && (bytes[2] & 0xff) == 0xff && (bytes[3] & 0xff) == 0x9b;
        boolean tunnelled = first == 0x20 && second == 0x02;
        return uniqueLocal || translated || tunnelled;
    }
}
