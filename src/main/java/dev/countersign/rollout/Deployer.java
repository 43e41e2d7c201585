package dev.countersign.rollout;

import java.io.IOException;
import java.util.Optional;

/** Brings versions onto the target. Every call may be repeated. */
public interface Deployer {
    String name();

    boolean serves(String service);

    /** Starts the candidate beside the stable version, without traffic. Returns at once; {@link #candidateDigest} tells when it runs. */
    void deployCandidate(String service, String version, String digest) throws IOException;

    /** The digest of the candidate as the target itself reports it; empty while it is not running. */
    Optional<String> candidateDigest(String service) throws IOException;

    /** The digest of the stable version as the target itself reports it. */
    Optional<String> stableDigest(String service) throws IOException;

    /** The candidate becomes the stable version. */
    void promote(String service, String digest) throws IOException;

    /** Takes the candidate away; the stable version stays. */
    void withdrawCandidate(String service) throws IOException;
}
