package dev.countersign.observe;

/** What a judgement says; the names are those of {@code release.Verdict}. */
enum Outcome {
    PASS,
    FAIL,
    INCONCLUSIVE,
    NO_DATA,
    ERROR
}
