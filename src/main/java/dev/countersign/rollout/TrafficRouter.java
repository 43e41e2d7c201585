package dev.countersign.rollout;

import java.io.IOException;
import java.util.Optional;

/** Splits the traffic of a service between its stable version and a candidate. Setting the same share again is harmless. */
public interface TrafficRouter {
    String name();

    /** Whether this router serves the service. */
    boolean serves(String service);

    /** @param share of the candidate, from 0 to 1 */
    void setShare(String service, double share) throws IOException;

    /** The candidate's share as the router itself reports it. */
    double readShare(String service) throws IOException;

    /** What has arrived since the share was last set, by the router's own counters; empty where it does not tell. */
    default Optional<Arrived> arrived(String service) throws IOException {
        return Optional.empty();
    }

    /** Whether, without counters of its own, the metrics source's counts of both versions show what arrived. */
    default boolean isProvenByMetrics() {
        return false;
    }

    /** What the router says against the share that it reports nevertheless; empty where all is well. */
    default Optional<String> reservation(String service) throws IOException {
        return Optional.empty();
    }

    /** Requests that the router handed to the candidate, and all that it handed on. */
    record Arrived(long candidate, long all) {}
}
