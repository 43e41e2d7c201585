package dev.countersign.release;

/** The outcome of a check. Only {@link #PASS}, or a waiver by someone entitled to give it, moves a release on. */
public enum Verdict {
    PASS,
    FAIL,
    INCONCLUSIVE,
    NO_DATA,
    ERROR,
    /** Only by a rule that is named. */
    NOT_APPLICABLE
}
