package dev.countersign.evidence;

import java.time.Instant;
import java.util.Optional;

/** The scripts of the way back that stand ready at the targets, as they were registered with their releases. */
public interface RollbackScripts {
    /** Whether the catalog names one for the service; in memory. */
    boolean isDeclared(String service);

    Optional<RollbackScript> of(String releaseKey);

    /**
     * Keeps what the target itself reported.
     *
     * @param digest null where nothing stands ready
     */
    void read(String releaseKey, String digest, boolean executable, String said);

    /**
     * @param path at the target
     * @param procedure the document that says how it is gone, by path and digest
     * @param owner who answers for it
     * @param reading null before the target was asked
     */
    record RollbackScript(
            String path,
            String digest,
            Procedure procedure,
            String owner,
            String registeredBy,
            Instant registeredAt,
            Reading reading) {
        /** Whether the target had exactly this script, and could run it, when it was last asked. */
        public boolean standsReady() {
            return reading != null && digest.equals(reading.digest()) && reading.executable();
        }
    }

    record Procedure(String path, String digest) {}

    /** @param said in a sentence */
    record Reading(String digest, boolean executable, String said, Instant at) {}
}
