package dev.countersign.rollout.gateway;

import java.io.IOException;

/** The server cannot apply the change, or does not allow what would come of it. */
final class Unprocessable extends IOException {
    private static final long serialVersionUID = 1L;

    Unprocessable(String message) {
        super(message);
    }
}
