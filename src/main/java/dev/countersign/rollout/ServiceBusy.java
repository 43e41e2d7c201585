package dev.countersign.rollout;

import dev.countersign.release.StateConflict;

/** Another release of the service holds the place beside its stable version. */
class ServiceBusy extends StateConflict {
    private static final long serialVersionUID = 1L;

    ServiceBusy(String message) {
        super(message);
    }
}
