package dev.countersign.release;

/** Where a release stands. The names are part of the HTTP contract. */
public enum ReleaseState {
    CRITERIA,
    GATES,
    REVIEW,
    SCHEDULED,
    ROLLING_OUT,
    HELD,
    STABILISING,
    STABLE,
    ROLLING_BACK,
    ROLLED_BACK,
    ROLLBACK_FAILED,
    REJECTED,
    ABORTED;

    /** No way forward or back is left; the reviews afterwards may still be open. */
    public boolean isFinal() {
        return switch (this) {
            case STABLE, ROLLED_BACK, REJECTED, ABORTED -> true;
            default -> false;
        };
    }

    /** Users may be on the candidate: from the first step of the rollout until it is stable or gone. */
    public boolean isExposed() {
        return this == ROLLING_OUT
                || this == HELD
                || this == STABILISING
                || this == ROLLING_BACK
                || this == ROLLBACK_FAILED;
    }
}
