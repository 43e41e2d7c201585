package dev.countersign.rollback;

/** The target says that the candidate has not gone. */
class CandidateStillRuns extends Unproven {
    private static final long serialVersionUID = 1L;

    CandidateStillRuns() {
        super(What.PLACE, "The candidate still runs at the target; it is asked again to take it away");
    }
}
