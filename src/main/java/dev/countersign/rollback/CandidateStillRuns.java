package dev.countersign.rollback;

import java.io.IOException;

/** The target says that the candidate has not gone. */
class CandidateStillRuns extends IOException {
    private static final long serialVersionUID = 1L;

    CandidateStillRuns() {
        super("The candidate still runs at the target; it is asked again to take it away");
    }
}
