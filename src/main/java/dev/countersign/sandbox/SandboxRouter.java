package dev.countersign.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.rollout.TrafficRouter;
import java.io.IOException;
import org.springframework.stereotype.Component;

/** Sets the weights of the sandbox's router, and reads them back over HTTP as any controller of a router must. */
@InSandbox
@Component
class SandboxRouter implements TrafficRouter {
    private final SandboxTargets targets;
    private final SandboxHttp http;

    SandboxRouter(SandboxTargets targets, SandboxHttp http) {
        this.targets = targets;
        this.http = http;
    }

    @Override
    public String name() {
        return SandboxTargets.TARGET;
    }

    @Override
    public boolean serves(String service) {
        return targets.has(service);
    }

    @Override
    public void setShare(String service, double share) throws IOException {
        if (!(share >= 0 && share <= 1)) {
            throw new IOException("A share is between 0 and 1, not " + share);
        }
        targets.get(service).share(share);
    }

    @Override
    public double readShare(String service) throws IOException {
        return report(service).required("share").asDouble();
    }

    /** Share and counters as the router tells them. */
    JsonNode report(String service) throws IOException {
        targets.get(service);
        return http.get(targets.proxy().address("/router/" + service));
    }
}
