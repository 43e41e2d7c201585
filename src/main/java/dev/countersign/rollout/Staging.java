package dev.countersign.rollout;

import java.util.Optional;

/**
 * How a service's place in staging is named to the ports: {@code checkout@staging}. A service's name in the catalog has no {@code @} in it, so that nobody takes one
 * for the other.
 */
public final class Staging {
    public static final String ENVIRONMENT = "staging";
    private static final String SUFFIX = "@" + ENVIRONMENT;

    private Staging() {}

    public static String of(String service) {
        return service + SUFFIX;
    }

    /** The service whose place in staging this is; empty where it is none. */
    public static Optional<String> service(String place) {
        return place.endsWith(SUFFIX)
                ? Optional.of(place.substring(0, place.length() - SUFFIX.length()))
                : Optional.empty();
    }
}
