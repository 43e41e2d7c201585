package dev.countersign.rollout;

import java.io.IOException;
import java.util.List;
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

    /**
     * Deploys the digest that served before anew, in the place of whatever runs, and takes the candidate away with it: for a rollback whose router or withdrawal failed.
     * The caller reads back what runs. A target that cannot says so.
     */
    default void redeployStable(String service, String digest) throws IOException {
        throw new IOException(name() + " cannot deploy the stable version anew");
    }

    /** What stands ready at the target under this path, as the target itself reports it; empty where nothing does. A target that cannot tell says so. */
    default Optional<StagedScript> script(String service, String path) throws IOException {
        throw new IOException(name() + " cannot tell which scripts stand ready");
    }

    /**
     * Has the target run the script that stands ready, with the digest that is named and no other. Returns when it has run. Asked again with the same name of the
     * run, the target does not run it a second time.
     */
    default void runScript(String service, ScriptRun run) throws IOException {
        throw new IOException(name() + " cannot run scripts");
    }

    /** @param executable whether the target could run it now */
    record StagedScript(String digest, boolean executable) {}

    /**
     * @param id names this run; the target runs it once
     * @param files what the script goes through, by name and digest: the target holds its own against them
     */
    record ScriptRun(String id, String path, String digest, List<ScriptFile> files) {
        public ScriptRun {
            files = List.copyOf(files);
        }
    }

    record ScriptFile(String name, String digest) {}
}
