package dev.countersign.rollout.haproxy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * HAProxy processes that split the traffic of some services.
 *
 * @param sockets of all processes that serve them: path of a unix socket, or {@code 127.0.0.1:port}; each of level admin. Without services there is no such router
 * @param timeout of one call
 * @param disableAtZero take a candidate without a share out of service, so that clients bound to it by a cookie leave it too
 * @param services by their names in the catalog
 */
@ConfigurationProperties("countersign.rollout.haproxy")
record HaproxyProperties(
        List<String> sockets,
        @DefaultValue("PT1S") Duration timeout,
        @DefaultValue("true") boolean disableAtZero,
        Map<String, Split> services) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.:-]+");

    /**
     * @param backend HAProxy's name of it; its balance must be one that takes weights at run time
     * @param stable names of the servers with the stable version
     * @param candidate names of the servers with the candidate
     */
    record Split(String backend, List<String> stable, List<String> candidate) {
        Split {
            stable = stable == null ? List.of() : List.copyOf(stable);
            candidate = candidate == null ? List.of() : List.copyOf(candidate);
            require(backend != null && NAME.matcher(backend).matches(), "backend", "must be named");
            require(!stable.isEmpty() && !candidate.isEmpty(), "stable and candidate", "need a server each");
            require(stable.stream().noneMatch(candidate::contains), "candidate", "must not be stable too");
            for (List<String> servers : List.of(stable, candidate)) {
                require(servers.stream().allMatch(name -> NAME.matcher(name).matches()), "server", "has no such name");
            }
        }
    }

    HaproxyProperties {
        sockets = sockets == null ? List.of() : List.copyOf(sockets);
        services = services == null ? Map.of() : Map.copyOf(services);
        sockets.forEach(RuntimeApi::address);
        if (sockets.isEmpty() && !services.isEmpty()) {
            throw new IllegalArgumentException("countersign.rollout.haproxy.sockets must be named for the services");
        }
    }

    private static void require(boolean condition, String key, String otherwise) {
        if (!condition) {
            throw new IllegalArgumentException("countersign.rollout.haproxy.services.*." + key + " " + otherwise);
        }
    }
}
