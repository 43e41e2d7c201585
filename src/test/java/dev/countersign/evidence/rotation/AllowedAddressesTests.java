package dev.countersign.evidence.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("M4.4")
class AllowedAddressesTests {
    /** Addresses as they are written: nothing is looked up. */
    @ParameterizedTest(name = "{0} with {1} and {2}")
    @CsvSource({
        "192.0.2.1, 192.0.2.1:443, 10.0.0.0/8",
        "10.1.2.3, 10.1.2.3:443, 10.1.0.0/16",
        "10.1.2.3, 10.1.2.3:443, 10.1.2.3/32",
        "127.0.0.1, 127.0.0.1:443, 127.0.0.0/8",
        "::1, [::1]:443, ::1/128",
        "fd00::5, [fd00::5]:443, fd00::/8",
    })
    void what_operators_allow_may_be_connected_to(String host, String allow, String network) throws Exception {
        assertThat(new AllowedAddresses(List.of(allow), List.of(network))
                        .of(host, 443)
                        .getPort())
                .isEqualTo(443);
    }

    @ParameterizedTest(name = "{0} with {1} and {2}")
    @CsvSource({
        "192.0.2.1, 192.0.2.2:443, 10.0.0.0/8",
        "192.0.2.1, 192.0.2.1:8443, 10.0.0.0/8",
        "10.2.2.3, 10.2.2.3:443, 10.1.0.0/16",
        "10.1.2.4, 10.1.2.4:443, 10.1.2.3/32",
        "127.0.0.1, 127.0.0.1:443, 10.0.0.0/8",
        "172.16.0.1, 172.16.0.1:443, 10.0.0.0/8",
        "192.168.1.1, 192.168.1.1:443, 10.0.0.0/8",
        "100.64.0.1, 100.64.0.1:443, 10.0.0.0/8",
        "0.1.2.3, 0.1.2.3:443, 10.0.0.0/8",
        "::1, [::1]:443, 127.0.0.0/8",
        "fd00::5, [fd00::5]:443, 10.0.0.0/8",
        "::ffff:127.0.0.1, [::ffff:127.0.0.1]:443, 10.0.0.0/8",
        // Whatever is allowed: a machine's own cloud answers there.
        "169.254.169.254, 169.254.169.254:443, 0.0.0.0/0",
        "fe80::1, [fe80::1]:443, ::/0",
        "0.0.0.0, 0.0.0.0:443, 0.0.0.0/0",
        "224.0.0.1, 224.0.0.1:443, 0.0.0.0/0",
    })
    void all_else_is_refused(String host, String allow, String network) {
        String entry = allow.matches("\\[[0-9a-f:]+]:443|[0-9.]+:\\d+") ? allow : "[::1]:443";
        assertThatThrownBy(() -> new AllowedAddresses(List.of(entry), List.of(network)).of(host, 443))
                .isInstanceOf(AllowedAddresses.Refused.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"shop.example", "https://shop.example:443", "*:443", "shop.example:99999", "*shop.example:443"})
    void an_entry_that_cannot_be_understood_stops_the_start(String entry) {
        assertThatThrownBy(() -> AllowedAddresses.check(List.of(entry), List.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.0", "10.0.0.0/33", "shop.example/8", "10.0.0.0/a"})
    void a_network_that_cannot_be_understood_stops_the_start(String network) {
        assertThatThrownBy(() -> AllowedAddresses.check(List.of(), List.of(network)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "pay.internal.invalid, true",
        "a.b.internal.invalid, true",
        "internal.invalid, false",
        "eviliNternal.invalid, false",
    })
    void an_asterisk_allows_names_below_a_domain(String host, boolean allowed) {
        var addresses = new AllowedAddresses(List.of("*.internal.invalid:443"), List.of());
        // A name that nobody has (RFC 6761) shows that it was allowed by being looked up.
        assertThatThrownBy(() -> addresses.of(host, 443))
                .isInstanceOf(allowed ? java.net.UnknownHostException.class : AllowedAddresses.Refused.class);
    }
}
