package dev.countersign.rollout;

import dev.countersign.release.StateConflict;

/** The target runs another artifact than the approved one: it is taken away. */
class OtherArtifact extends StateConflict {
    private static final long serialVersionUID = 1L;

    OtherArtifact(String message) {
        super(message);
    }
}
