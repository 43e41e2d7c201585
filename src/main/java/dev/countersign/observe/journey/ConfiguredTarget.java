package dev.countersign.observe.journey;

import dev.countersign.observe.JourneyTarget;
import dev.countersign.observe.SyntheticJourneys.Side;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/**
 * Where versions answer as operators say. Nothing of a journey becomes a part of the host, and a name that leads into a network that operators did not allow is not
 * connected to.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class ConfiguredTarget implements JourneyTarget {
    private final JourneyProperties properties;
    private final List<Network> networks;

    ConfiguredTarget(JourneyProperties properties) {
        this.properties = properties;
        this.networks = properties.networks().stream().map(Network::of).toList();
    }

    @Override
    public boolean serves(String service) {
        return properties.targets().containsKey(service);
    }

    @Override
    public Address address(String service, Side side) throws IOException {
        JourneyProperties.Target target = properties.targets().get(service);
        URI base = side == Side.CANARY ? target.canary() : target.stable();
        InetAddress[] addresses;
        try {
            addresses = InetAddress.getAllByName(base.getHost());
        } catch (UnknownHostException unknown) {
            throw new IOException("nothing is known of the host " + base.getHost(), unknown);
        }
        for (InetAddress address : addresses) {
            if (!Network.mayConnect(address, networks)) {
                throw new IOException(
                        "%s leads to an address that is not public and in no network that the operators allow (countersign.observe.journeys.networks)"
                                .formatted(base.getHost()));
            }
        }
        return new Address(base, side == Side.CANARY ? target.canaryHeaders() : target.stableHeaders());
    }

    @Override
    public Optional<String> secret(String service, String name) throws IOException {
        JourneyProperties.Target target = properties.targets().get(service);
        Path file = target.secretFiles().get(name);
        return file == null
                ? Optional.ofNullable(target.secrets().get(name))
                : Optional.of(Files.readString(file).strip());
    }
}
