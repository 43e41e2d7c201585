package dev.countersign.rollout;

/**
 * The first rung of a rollback: what exposes a release by feature flag is switched off, and the flag's own system is read back.
 * A release that no flag exposes is governed by none, and the rung is passed over.
 */
public interface KillSwitch {

    /** Whether a flag exposes this release. */
    boolean governs(String release);

    /** Switches the flag off and reads it back. Throws if it is not proven to be off; may be called again. */
    void switchOff(String release);
}
