package dev.countersign.observe;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/** Where logs are counted. Implementations: OpenSearch, and whatever speaks its search; Loki. */
public interface LogSource {
    /** Whether this source has logs of the service. */
    boolean serves(String service);

    /**
     * What services logged, interval by interval and version by version, oldest first. A service that logged nothing at all is absent: nobody knows whether it failed.
     *
     * @throws IOException where the source does not give a whole answer in time
     */
    List<Lines> lines(Collection<String> services, Instant from, Instant until) throws IOException;

    /**
     * @param version as the log says it; empty where it says nothing
     * @param errors of {@code all} lines, those that tell of an error
     */
    record Lines(String service, String version, Instant at, Duration length, long all, long errors) {}
}
