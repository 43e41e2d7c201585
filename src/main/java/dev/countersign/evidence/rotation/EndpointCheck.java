package dev.countersign.evidence.rotation;

import dev.countersign.catalog.Rotation.Endpoint;
import dev.countersign.evidence.rotation.Handshake.Shown;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Looks at one endpoint. Whatever keeps from looking is a fault. */
final class EndpointCheck {
    private final AllowedAddresses allowed;
    private final Handshake handshake;
    private final ChainCheck chains;
    private final Duration timeout;

    EndpointCheck(AllowedAddresses allowed, Handshake handshake, ChainCheck chains, Duration timeout) {
        this.allowed = allowed;
        this.handshake = handshake;
        this.chains = chains;
        this.timeout = timeout;
    }

    /** @param protocol null where the handshake did not end well */
    record Seen(Endpoint endpoint, String protocol, List<X509Certificate> chain, List<Fault> faults) {
        static Seen failed(Endpoint endpoint, String code, String what) {
            return new Seen(endpoint, null, List.of(), List.of(new Fault(code, what)));
        }
    }

    Seen look(Endpoint endpoint) {
        InetSocketAddress address;
        try {
            address = allowed.of(endpoint.host(), endpoint.port());
        } catch (AllowedAddresses.Refused refused) {
            return Seen.failed(endpoint, Fault.REFUSED, refused.getMessage());
        } catch (UnknownHostException unknown) {
            return Seen.failed(endpoint, Fault.UNREACHABLE, "its name is not known");
        }
        Shown shown = handshake.with(address, endpoint.serverName(), timeout);
        if (isPassing(shown.fault())) {
            shown = handshake.with(address, endpoint.serverName(), timeout);
        }
        List<Fault> faults = new ArrayList<>();
        if (shown.fault() != null) {
            faults.add(shown.fault());
        }
        if (!shown.chain().isEmpty()) {
            X509Certificate own = shown.chain().get(0);
            if (!ServerIdentity.names(own, endpoint.serverName())) {
                faults.add(new Fault(
                        Fault.WRONG_HOST,
                        "the certificate is not for %s but for %s"
                                .formatted(endpoint.serverName(), ServerIdentity.namesOf(own))));
            }
            faults.addAll(chains.faults(shown.chain()));
        }
        return new Seen(endpoint, shown.protocol(), shown.chain(), List.copyOf(faults));
    }

    /** It may be gone at the next look: it is tried once more. */
    private static boolean isPassing(Fault fault) {
        return fault != null
                && (fault.code().equals(Fault.UNREACHABLE) || fault.code().equals(Fault.TIMED_OUT));
    }
}
