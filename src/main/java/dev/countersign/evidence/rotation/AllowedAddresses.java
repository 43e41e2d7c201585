package dev.countersign.evidence.rotation;

import dev.countersign.evidence.http.CheckedAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where operators let the platform connect to: a declaration must not lead it to any other place of their network. A name that is allowed may still resolve to an
 * address that is not: what is connected to is the very address that was looked at.
 */
final class AllowedAddresses {
    private static final Pattern ENTRY = Pattern.compile("(\\*\\.)?(\\[[0-9A-Fa-f:]+]|[A-Za-z0-9.-]+):([0-9]{1,5})");
    private static final Pattern NETWORK = Pattern.compile("([0-9A-Fa-f.:]+)/([0-9]{1,3})");

    private final List<String> allow;
    private final List<Network> networks;

    AllowedAddresses(List<String> allow, List<String> networks) {
        this.allow = allow.stream().map(entry -> entry.toLowerCase(Locale.ROOT)).toList();
        this.networks = networks.stream().map(Network::of).toList();
    }

    /** @throws IllegalArgumentException where an entry cannot be understood */
    static void check(List<String> allow, List<String> networks) {
        for (String entry : allow) {
            Matcher parts = ENTRY.matcher(entry);
            if (!parts.matches() || Integer.parseInt(parts.group(3)) > 65535) {
                throw new IllegalArgumentException(
                        "countersign.evidence.certificates.allow: '%s' is not host:port or *.domain:port"
                                .formatted(entry));
            }
        }
        networks.forEach(Network::of);
    }

    /** Not a place that operators let us connect to. The message is shown. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        Refused(String message) {
            super(message);
        }
    }

    InetSocketAddress of(String host, int port) throws Refused, UnknownHostException {
        String named = (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
        if (allow.stream().noneMatch(entry -> covers(entry, named))) {
            throw new Refused(
                    "the operators do not allow %s (countersign.evidence.certificates.allow)".formatted(named));
        }
        InetAddress address = CheckedAddress.of(host, this::mayConnect)
                .orElseThrow(() -> new Refused(
                        "%s leads to an address that is not public and in no network that the operators allow (countersign.evidence.certificates.networks)"
                                .formatted(named)));
        return new InetSocketAddress(address, port);
    }

    private static boolean covers(String entry, String named) {
        String lower = named.toLowerCase(Locale.ROOT);
        return entry.startsWith("*.") ? lower.endsWith(entry.substring(1)) : lower.equals(entry);
    }

    private boolean mayConnect(InetAddress address) {
        // Services of the machine's own cloud answer there, without asking who calls: nobody allows that.
        if (address.isLinkLocalAddress() || address.isAnyLocalAddress() || address.isMulticastAddress()) {
            return false;
        }
        return CheckedAddress.isPublic(address) || networks.stream().anyMatch(network -> network.has(address));
    }

    /** @param bits that count */
    private record Network(InetAddress address, int bits) {
        static Network of(String text) {
            Matcher parts = NETWORK.matcher(text);
            try {
                if (parts.matches()) {
                    // Digits only: nothing is looked up.
                    InetAddress address = InetAddress.getByName(parts.group(1));
                    int bits = Integer.parseInt(parts.group(2));
                    if (bits <= address.getAddress().length * 8) {
                        return new Network(address, bits);
                    }
                }
            } catch (UnknownHostException unknown) {
                throw new IllegalArgumentException(
                        "countersign.evidence.certificates.networks: no address in " + text, unknown);
            }
            throw new IllegalArgumentException(
                    "countersign.evidence.certificates.networks: '%s' is not address/bits".formatted(text));
        }

        boolean has(InetAddress other) {
            byte[] one = address.getAddress();
            byte[] two = other.getAddress();
            if (one.length != two.length) {
                return false;
            }
            for (int bit = 0; bit < bits; bit++) {
                int mask = 0x80 >> (bit % 8);
                if ((one[bit / 8] & mask) != (two[bit / 8] & mask)) {
                    return false;
                }
            }
            return true;
        }
    }
}
