package dev.countersign.evidence.reader;

/** How a test case ended; the later one wins where a case says several: error over failure over skipped over passed. */
enum Outcome {
    PASSED,
    SKIPPED,
    FAILURE,
    ERROR;

    Outcome or(Outcome other) {
        return compareTo(other) >= 0 ? this : other;
    }
}
