package dev.countersign.rollout;

import java.io.IOException;

/**
 * Where the feature flags of a service are managed (OpenFeature's word for it). The platform turns flags that are there, and makes none: a key with a typing error
 * would be one that no code asks for. Setting the same share again is harmless.
 */
public interface FlagManagementSystem {
    String name();

    /** Whether the flags of the service are managed here. */
    boolean serves(String service);

    /**
     * Turns the flag on for a share of those who are asked for; at zero for nobody, whatever else the flag says.
     *
     * @param share from 0 to 1
     * @throws IOException where the system does not answer, has no such flag, or cannot turn it on for exactly this share
     */
    void setShare(String service, String flag, double share) throws IOException;

    /**
     * The share for whom the flag is on, as the system itself reports it.
     *
     * @throws IOException where it does not answer, or where the flag is on for whom a share does not tell
     */
    double readShare(String service, String flag) throws IOException;
}
