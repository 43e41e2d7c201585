package dev.countersign.rollout;

import java.util.Optional;

/** Alerts that fire still, and came when there was nothing of their release to halt. */
public interface OwedAlerts {
    /**
     * To be called where the release would go further. Whoever calls it does what they call for, and lets a person decide in their knowledge: they are told once.
     *
     * @return what they say; empty where there are none
     */
    Optional<String> meet(String releaseKey);
}
