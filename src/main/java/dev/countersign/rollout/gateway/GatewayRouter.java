package dev.countersign.rollout.gateway;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.countersign.rollout.TrafficRouter;
import dev.countersign.rollout.gateway.GatewayProperties.Split;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/**
 * Splits traffic by the weights of a rule of an HTTPRoute. Weights are an order, not a fact: a share is there when the controller of each parent says that it has accepted
 * this very generation of the route and found its backends. Zero is set whatever they say, and is there when each has seen it.
 */
@Component
@Order(1)
class GatewayRouter implements TrafficRouter {
    /** A status that is written counts as a change too. */
    private static final int ATTEMPTS = 8;

    private static final Duration AGAIN = Duration.ofMillis(20);
    private static final Duration POLL = Duration.ofMillis(100);
    private final GatewayProperties properties;
    private final KubernetesApi api;

    GatewayRouter(GatewayProperties properties) {
        this.properties = properties;
        this.api = new KubernetesApi(properties);
    }

    @Override
    public String name() {
        return "gateway";
    }

    @Override
    public boolean serves(String service) {
        return properties.services().containsKey(service);
    }

    /** A share above zero is refused before anything changes where the route as it stands is in doubt: a backend that is not found is answered with errors. */
    @Override
    public void setShare(String service, double share) throws IOException {
        Split split = split(service);
        GatewayWeights weights = GatewayWeights.of(share);
        Deadline deadline = Deadline.in(properties.timeout());
        IOException changed = null;
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            HttpRoute route = share > 0 ? confirmed(split, deadline) : read(split, deadline);
            Optional<ArrayNode> patch = route.patch(weights);
            if (patch.isEmpty()) {
                return;
            }
            try {
                api.patch(path(split), patch.get(), deadline);
                return;
            } catch (Conflict conflict) {
                changed = conflict;
            } catch (Unprocessable refused) {
                // So it answers too where the places of the patch are gone.
                if (read(split, deadline).resourceVersion().equals(route.resourceVersion())) {
                    throw refused;
                }
                changed = refused;
            }
            if (!deadline.pause(AGAIN.multipliedBy(attempt))) {
                break;
            }
        }
        throw new IOException(split.words() + " is changed again and again: " + changed.getMessage(), changed);
    }

    private HttpRoute confirmed(Split split, Deadline deadline) throws IOException {
        return await(split, deadline, (route, status) -> {
            route.requireNoOtherWay();
            route.requireOnlyBoth();
            return status.confirmed()
                    ? null
                    : "%s is in doubt, its weights were left as they are: %s".formatted(split.words(), status.words());
        });
    }

    @Override
    public double readShare(String service) throws IOException {
        Split split = split(service);
        HttpRoute believed = await(split, Deadline.in(properties.timeout()), (route, status) -> {
            double share = route.share();
            return (share == 0 ? status.observed() : status.confirmed())
                    ? null
                    : "The weights of %s give %.4f, which is not confirmed: %s"
                            .formatted(split.words(), share, status.words());
        });
        return believed.share();
    }

    private interface Check {
        /** Null where there is none. */
        String doubt(HttpRoute route, ControllerStatus status) throws IOException;
    }

    /** Asks until nothing is in doubt, within the time. */
    private HttpRoute await(Split split, Deadline deadline, Check check) throws IOException {
        String doubt = null;
        while (true) {
            HttpRoute route;
            try {
                route = read(split, deadline);
            } catch (IOException failed) {
                throw doubt == null ? failed : new IOException(doubt + "; then " + failed.getMessage(), failed);
            }
            doubt = check.doubt(route, ControllerStatus.of(route));
            if (doubt == null) {
                return route;
            }
            if (!deadline.pause(POLL)) {
                throw new IOException(doubt);
            }
        }
    }

    @Override
    public Optional<String> reservation(String service) throws IOException {
        HttpRoute route = read(split(service), Deadline.in(properties.timeout()));
        return Optional.of(ControllerStatus.of(route))
                .filter(status -> !status.confirmed())
                .map(ControllerStatus::words);
    }

    /** A route counts nothing; how much arrived is told by the metrics source. */
    @Override
    public boolean isProvenByMetrics() {
        return true;
    }

    private HttpRoute read(Split split, Deadline deadline) throws IOException {
        return HttpRoute.of(api.get(path(split), deadline), split);
    }

    private static String path(Split split) {
        return "/apis/%s/namespaces/%s/httproutes/%s".formatted(HttpRoute.VERSION, split.namespace(), split.route());
    }

    private Split split(String service) throws IOException {
        Split split = properties.services().get(service);
        if (split == null) {
            throw new IOException("No route of the Gateway API is configured for " + service);
        }
        return split;
    }
}
