package dev.countersign.rollout.alertmanager;

import java.io.IOException;

/** There is more of a body than is read. */
final class TooLong extends IOException {
    private static final long serialVersionUID = 1;

    TooLong(long limit) {
        super("More than " + limit + " bytes");
    }
}
