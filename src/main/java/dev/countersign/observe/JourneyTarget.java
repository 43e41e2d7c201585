package dev.countersign.observe;

import dev.countersign.observe.SyntheticJourneys.Side;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.Optional;

/** Knows where the versions of a service answer. Implementations: the sandbox, the operators' configuration. */
public interface JourneyTarget {
    boolean serves(String service);

    /**
     * Where a version answers now.
     *
     * @throws IOException where none is known, or it is one that must not be connected to
     */
    Address address(String service, Side side) throws IOException;

    /** A secret that the operators keep for the service's journeys. */
    default Optional<String> secret(String service, String name) throws IOException {
        return Optional.empty();
    }

    /**
     * @param base {@code http(s)://host:port[/path]}; a journey's paths are appended
     * @param headers that lead to the version, sent with each request
     */
    record Address(URI base, Map<String, String> headers) {
        public Address {
            headers = Map.copyOf(headers);
        }
    }
}
