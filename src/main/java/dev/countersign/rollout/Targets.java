package dev.countersign.rollout;

import java.io.IOException;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** Finds the deployer and the router that serve a service. */
@Component
public class Targets {
    private final List<Deployer> deployers;
    private final List<TrafficRouter> routers;

    Targets(ObjectProvider<Deployer> deployers, ObjectProvider<TrafficRouter> routers) {
        this.deployers = deployers.orderedStream().toList();
        this.routers = routers.orderedStream().toList();
    }

    public Deployer deployerOf(String service) {
        return deployers.stream()
                .filter(deployer -> deployer.serves(service))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("No deployer is configured for " + service));
    }

    /** The version that runs for all users now. */
    public String stableDigest(String service) throws IOException {
        return deployerOf(service)
                .stableDigest(service)
                .orElseThrow(() -> new IOException("The target of " + service + " reports no running version"));
    }

    public TrafficRouter routerOf(String service) {
        return routers.stream()
                .filter(router -> router.serves(service))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("No traffic router is configured for " + service));
    }
}
