package dev.countersign.rollout;

import dev.countersign.release.StateConflict;

/** The records do not support that the candidate becomes the stable version. */
class PromotionRefused extends StateConflict {
    private static final long serialVersionUID = 1L;

    PromotionRefused(String message) {
        super(message);
    }
}
