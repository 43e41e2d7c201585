package dev.countersign.rollout;

import java.io.IOException;

/** The router gives the candidate nothing any more, and the flag of the release is not proven to be off. */
class FlagStays extends IOException {
    private static final long serialVersionUID = 1L;

    FlagStays(Exception cause) {
        super("The flag is not proven to be off: " + cause.getMessage(), cause);
    }
}
