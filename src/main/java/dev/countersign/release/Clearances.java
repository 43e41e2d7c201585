package dev.countersign.release;

/**
 * The record that a rollout needs before it may move traffic or a flag forward. It is granted only when every
 * {@link ClearanceCondition} holds on the facts in the tables, whatever the process instance says, and it is worth nothing once the
 * material digest is another one.
 */
public interface Clearances {
    /** @throws StateConflict naming what is missing */
    void grant(String releaseKey);

    void revoke(String releaseKey, String reason);

    /** @throws ClearanceMissing when there is no current clearance for the dossier as it is now, or its time is over */
    void require(String releaseKey);

    /**
     * For what keeps users where a clearance has brought them: one that ended by its time alone, and by nothing else, is enough.
     *
     * @throws ClearanceMissing as {@link #require}, but for the time
     */
    void requireGiven(String releaseKey);
}
