package dev.countersign.observe.journey;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * @param targets where the versions of a service answer, by its name
 * @param networks networks that are not public and may be connected to all the same, {@code 10.1.0.0/16}
 * @param timeout of all journeys of a service together; below the engine's job lock
 * @param maxResponse an answer larger than this fails its journey
 */
@ConfigurationProperties("countersign.observe.journeys")
record JourneyProperties(
        @DefaultValue Map<String, Target> targets,
        @DefaultValue List<String> networks,
        @DefaultValue("PT12S") Duration timeout,
        @DefaultValue("256KB") DataSize maxResponse) {
    private static final Duration LONGEST = Duration.ofSeconds(14);

    JourneyProperties {
        targets = Map.copyOf(targets);
        networks = List.copyOf(networks);
        networks.forEach(Network::of);
        require(
                timeout.toMillis() > 0 && timeout.compareTo(LONGEST) <= 0,
                "timeout is at most PT14S: a step of a model is tried again after 20 s");
    }

    /**
     * @param canary where the candidate answers
     * @param stable where the stable version answers
     * @param canaryHeaders sent to the canary, for a router that tells versions apart by a header
     * @param stableHeaders likewise
     * @param secrets by name, from the environment
     * @param secretFiles by name, each read anew for each walk
     */
    record Target(
            URI canary,
            URI stable,
            @DefaultValue Map<String, String> canaryHeaders,
            @DefaultValue Map<String, String> stableHeaders,
            @DefaultValue Map<String, String> secrets,
            @DefaultValue Map<String, Path> secretFiles) {
        Target {
            check("canary", canary);
            check("stable", stable);
            canaryHeaders = Map.copyOf(canaryHeaders);
            stableHeaders = Map.copyOf(stableHeaders);
            secrets = Map.copyOf(secrets);
            secretFiles = Map.copyOf(secretFiles);
            for (String name : secrets.keySet()) {
                require(
                        !secretFiles.containsKey(name),
                        "the secret " + name + " stands in a file or here, not in both");
            }
        }

        private static void check(String key, URI url) {
            require(
                    url != null
                            && Set.of("http", "https").contains(String.valueOf(url.getScheme()))
                            && url.getHost() != null
                            && url.getUserInfo() == null
                            && url.getQuery() == null
                            && url.getFragment() == null,
                    "targets: " + key + " must be http(s)://host[:port][/path], without a user in it");
        }

        /** Without secrets: what is configured is logged when it cannot be bound. */
        @Override
        public String toString() {
            return "Target[canary=" + canary + ", stable=" + stable + "]";
        }
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalArgumentException("countersign.observe.journeys: " + otherwise);
        }
    }
}
