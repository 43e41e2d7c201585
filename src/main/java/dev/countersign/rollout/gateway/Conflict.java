package dev.countersign.rollout.gateway;

import java.io.IOException;

/** The route is not as it was read: it must be read again. */
final class Conflict extends IOException {
    private static final long serialVersionUID = 1L;

    Conflict(String message) {
        super(message);
    }
}
