package dev.countersign.review;

/** What a seat can answer. Silence is no choice. */
enum Choice {
    GO,
    GO_WITH_CONDITIONS,
    NO_GO,
    ABSTAIN,
    RECUSE;

    /** Takes a position: counts for the quorum and fills the seat. */
    boolean takesPosition() {
        return this == GO || this == GO_WITH_CONDITIONS || this == NO_GO;
    }

    boolean needsReason() {
        return this == NO_GO || this == ABSTAIN || this == RECUSE;
    }
}
