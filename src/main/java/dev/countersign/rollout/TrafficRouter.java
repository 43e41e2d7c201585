package dev.countersign.rollout;

import java.io.IOException;

/** Splits the traffic of a service between its stable version and a candidate. Setting the same share again is harmless. */
public interface TrafficRouter {
    String name();

    /** Whether this router serves the service. */
    boolean serves(String service);

    /** @param share of the candidate, from 0 to 1 */
    void setShare(String service, double share) throws IOException;

    /** The candidate's share as the router itself reports it. */
    double readShare(String service) throws IOException;
}
