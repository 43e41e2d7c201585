package dev.countersign.gate.privacy;

import java.time.Instant;

/**
 * One asking for an assessment.
 *
 * @param escalatedAt when legal was asked beside privacy; null before
 * @param outcome the decision, or {@code moot}; null while it is open
 * @param document the sha256 of the assessment that was made; null where none was
 */
record ImpactAssessment(
        long id,
        String releaseKey,
        Instant askedAt,
        Instant escalatedAt,
        String outcome,
        String person,
        Instant endedAt,
        String document) {
    static final String MOOT = "moot";

    boolean isOpen() {
        return outcome == null;
    }

    boolean isMade() {
        return document != null;
    }
}
