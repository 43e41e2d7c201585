package dev.countersign.rollout.gateway;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Routes of the Gateway API that split the traffic of some services. The API server is named by operators only; the defaults are those of a pod.
 *
 * @param url of the API server; without TLS only on this machine
 * @param tokenFile of a service account, read anew for each call
 * @param caFile the authorities that the API server's certificate is checked against, in PEM; read anew for each call
 * @param timeout of setting a share, and of reading it until the controllers confirm it: repetitions and waiting included
 * @param maxResponse an answer larger than this is none
 * @param services by their names in the catalog; without them there is no such router
 */
@ConfigurationProperties("countersign.rollout.gateway")
record GatewayProperties(
        @DefaultValue("https://kubernetes.default.svc") URI url,
        @DefaultValue("/var/run/secrets/kubernetes.io/serviceaccount/token") Path tokenFile,
        @DefaultValue("/var/run/secrets/kubernetes.io/serviceaccount/ca.crt") Path caFile,
        @DefaultValue("PT3S") Duration timeout,
        @DefaultValue("2MB") DataSize maxResponse,
        Map<String, Split> services) {
    /** Setting and reading happen within one job of the engine, while the rollout's row is held. */
    private static final Duration LONGEST = Duration.ofSeconds(10);

    private static final Pattern LOOPBACK = Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[::1]");
    private static final String LABEL_FORM = "[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?";
    private static final Pattern LABEL = Pattern.compile(LABEL_FORM);
    private static final Pattern NAME = Pattern.compile(LABEL_FORM + "(\\." + LABEL_FORM + ")*");

    /**
     * Which rule: by one of {@code rule}, {@code ruleIndex} and {@code rulePath}, or by none of them where only one rule has both backends.
     *
     * @param namespace of the route
     * @param route its name
     * @param rule name of the rule
     * @param ruleIndex place of the rule, from 0
     * @param rulePath path that one of the rule's matches has
     * @param stable the service with the stable version: {@code [namespace/]name[:port]}
     * @param candidate the service with the candidate, likewise
     */
    record Split(
            String namespace,
            String route,
            String rule,
            Integer ruleIndex,
            String rulePath,
            String stable,
            String candidate) {
        Split {
            require(namespace != null && LABEL.matcher(namespace).matches(), "namespace", "must be named");
            require(
                    route != null
                            && route.length() <= 253
                            && NAME.matcher(route).matches(),
                    "route",
                    "must be named");
            require(
                    Stream.of(rule != null, ruleIndex != null, rulePath != null)
                                    .filter(given -> given)
                                    .count()
                            <= 1,
                    "rule, rule-index, rule-path",
                    "exclude each other");
            require(ruleIndex == null || ruleIndex >= 0, "rule-index", "counts from 0");
            require(Backend.isOne(stable), "stable", "must be [namespace/]name[:port]");
            require(Backend.isOne(candidate), "candidate", "must be [namespace/]name[:port]");
            require(
                    !Backend.of(stable, namespace).isSameService(Backend.of(candidate, namespace)),
                    "candidate",
                    "must not be stable too");
        }

        Backend stableBackend() {
            return Backend.of(stable, namespace);
        }

        Backend candidateBackend() {
            return Backend.of(candidate, namespace);
        }

        String words() {
            return "HTTPRoute %s/%s".formatted(namespace, route);
        }
    }

    GatewayProperties {
        services = services == null ? Map.of() : Map.copyOf(services);
        String scheme = String.valueOf(url.getScheme());
        check(
                url.getHost() != null
                        && url.getUserInfo() == null
                        && url.getQuery() == null
                        && url.getFragment() == null
                        && ("https".equals(scheme)
                                || "http".equals(scheme)
                                        && LOOPBACK.matcher(url.getHost()).matches()),
                "url",
                "must be https://host[:port][/path] without a user in it, or http:// on this machine");
        check(timeout.toMillis() > 0 && timeout.compareTo(LONGEST) <= 0, "timeout", "must be positive, PT10S at most");
        check(maxResponse.toBytes() > 0, "max-response", "must be positive");
    }

    private static void check(boolean condition, String key, String otherwise) {
        if (!condition) {
            throw new IllegalArgumentException("countersign.rollout.gateway." + key + " " + otherwise);
        }
    }

    private static void require(boolean condition, String key, String otherwise) {
        check(condition, "services.*." + key, otherwise);
    }
}
