package dev.countersign.sandbox;

import dev.countersign.observe.JourneyTarget;
import dev.countersign.observe.SyntheticJourneys.Side;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import org.springframework.stereotype.Component;

/** Where the versions of the sample services answer: on this machine, past the router. */
@InSandbox
@Component
class SandboxJourneys implements JourneyTarget {
    private final SandboxTargets targets;

    SandboxJourneys(SandboxTargets targets) {
        this.targets = targets;
    }

    @Override
    public boolean serves(String service) {
        return targets.has(service);
    }

    @Override
    public Address address(String service, Side side) throws IOException {
        Target target = targets.get(service);
        int port = side == Side.CANARY ? target.candidatePort() : target.stablePort();
        if (port == 0) {
            throw new IOException("no candidate runs");
        }
        return new Address(URI.create("http://127.0.0.1:" + port), Map.of());
    }
}
