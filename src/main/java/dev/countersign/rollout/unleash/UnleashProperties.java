package dev.countersign.rollout.unleash;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * An Unleash server, named by operators only.
 *
 * @param url where it answers, without {@code /api}; without TLS only on this machine
 * @param tokenFile of a token for the Admin API, read anew for each call: a service account that may change flags of the projects below, in the environments below
 * @param clientTokenFile of a backend token; where it is given, what the SDKs get is read back too
 * @param stickiness of a strategy that the platform makes: what keeps a user on one side, for example {@code userId}
 * @param timeout of one call; the calls of a step together are bounded besides, whatever they are
 * @param maxResponse an answer larger than this is none
 * @param services by their names in the catalog; without them no flag is managed here
 */
@ConfigurationProperties("countersign.rollout.unleash")
record UnleashProperties(
        URI url,
        Path tokenFile,
        Path clientTokenFile,
        @DefaultValue("default") String stickiness,
        @DefaultValue("PT2S") Duration timeout,
        @DefaultValue("1MB") DataSize maxResponse,
        Map<String, Place> services) {
    /** Setting and reading happen within one job of the engine, while the rollout's row is held. */
    private static final Duration LONGEST = Duration.ofSeconds(3);

    private static final Pattern LOOPBACK = Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[::1]");
    private static final Pattern NAME = Pattern.compile("[0-9A-Za-z._~-]+");

    /**
     * @param project Unleash's id of it
     * @param environment whose flag it is
     */
    record Place(@DefaultValue("default") String project, @DefaultValue("production") String environment) {
        Place {
            require(NAME.matcher(project).matches(), "services.*.project", "must be an id");
            require(NAME.matcher(environment).matches(), "services.*.environment", "must be a name");
        }
    }

    UnleashProperties {
        services = services == null ? Map.of() : Map.copyOf(services);
        if (!services.isEmpty()) {
            require(
                    url != null && isAllowed(url),
                    "url",
                    "must be https://host[:port][/path], or http:// on this machine");
            require(tokenFile != null, "token-file", "must be named for the services");
        }
        require(NAME.matcher(stickiness).matches(), "stickiness", "must be a field's name");
        require(timeout.toMillis() > 0 && timeout.compareTo(LONGEST) <= 0, "timeout", "must be positive, PT3S at most");
        require(maxResponse.toBytes() > 0, "max-response", "must be positive");
    }

    private static boolean isAllowed(URI url) {
        return url.getHost() != null
                && url.getUserInfo() == null
                && url.getQuery() == null
                && url.getFragment() == null
                && ("https".equals(url.getScheme())
                        || "http".equals(url.getScheme())
                                && LOOPBACK.matcher(url.getHost()).matches());
    }

    private static void require(boolean condition, String key, String otherwise) {
        if (!condition) {
            throw new IllegalArgumentException("countersign.rollout.unleash." + key + " " + otherwise);
        }
    }
}
