package dev.countersign.observe.journey;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A network that operators let the platform connect to. @param bits that count */
record Network(InetAddress address, int bits) {
    private static final Pattern TEXT = Pattern.compile("([0-9A-Fa-f.:]+)/([0-9]{1,3})");

    /** @throws IllegalArgumentException where it is not {@code address/bits} */
    static Network of(String text) {
        Matcher parts = TEXT.matcher(text);
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
            throw new IllegalArgumentException("countersign.observe.journeys.networks: no address in " + text, unknown);
        }
        throw new IllegalArgumentException(
                "countersign.observe.journeys.networks: '%s' is not address/bits".formatted(text));
    }

    static boolean mayConnect(InetAddress address, List<Network> allowed) {
        // Services of the machine's own cloud answer there, without asking who calls: nobody allows that.
        if (address.isLinkLocalAddress() || address.isAnyLocalAddress() || address.isMulticastAddress()) {
            return false;
        }
        return isPublic(address) || allowed.stream().anyMatch(network -> network.has(address));
    }

    private static boolean isPublic(InetAddress address) {
        byte[] bytes = address.getAddress();
        boolean uniqueLocal = bytes.length == 16 && (bytes[0] & 0xfe) == 0xfc;
        boolean shared = bytes.length == 4 && (bytes[0] & 0xff) == 100 && (bytes[1] & 0xc0) == 64;
        boolean thisNetwork = bytes.length == 4 && bytes[0] == 0;
        return !address.isLoopbackAddress() && !address.isSiteLocalAddress() && !uniqueLocal && !shared && !thisNetwork;
    }

    private boolean has(InetAddress other) {
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
