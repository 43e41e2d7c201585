package dev.countersign.learning.leadtime;

import java.time.Instant;

/**
 * That the changes of a release were asked for.
 *
 * @param reason why they are not known, for a person; null where they are
 * @param base commit of the stable release before it
 * @param deployed when all traffic was on it
 */
record Looked(
        String releaseKey,
        Outcome outcome,
        String reason,
        String source,
        String repository,
        String base,
        Instant deployed,
        Instant at) {
    /** The names are part of the HTTP contract. */
    enum Outcome {
        /** Nobody has answered yet, or not well; it is asked again. */
        AWAITED,
        KNOWN,
        /** It will not be asked again. */
        NOT_KNOWN,
        /** It is not stable, or no system was configured for the service when it became so. */
        NOT_ASKED
    }

    static Looked awaited(String releaseKey, ChangeSources.Located at, Instant now) {
        return new Looked(releaseKey, Outcome.AWAITED, null, at.source().name(), at.repository(), null, null, now);
    }

    Looked since(String itsBase, Instant itsDeployment) {
        return new Looked(releaseKey, outcome, reason, source, repository, itsBase, itsDeployment, at);
    }

    Looked as(Outcome other, String because) {
        return new Looked(releaseKey, other, because, source, repository, base, deployed, at);
    }
}
