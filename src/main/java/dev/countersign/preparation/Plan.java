package dev.countersign.preparation;

import java.time.Instant;

/**
 * One version of a release's communication plan; the last one counts.
 *
 * @param seen what there was to see when it was written
 * @param document the sha256 of the document that it was taken from; null where a person wrote it
 * @param voidedAt when something of that changed; null while it holds
 */
record Plan(
        long id,
        String releaseKey,
        int version,
        boolean isFinal,
        String noExternalBecause,
        Seen seen,
        String writtenBy,
        Instant writtenAt,
        String document,
        Instant voidedAt,
        String voidedBecause) {

    boolean holds(Seen now) {
        return isFinal && voidedAt == null && seen.equals(now);
    }
}
