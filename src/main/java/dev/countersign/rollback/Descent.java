package dev.countersign.rollback;

import dev.countersign.rollout.Staging;
import java.time.Instant;

/**
 * What goes down the ladder, and where: a release in production, or a drill of it in staging.
 *
 * @param drill its number; {@value #NO_DRILL} for the rollback itself
 * @param place as the ports know it: the service, or its place in staging
 * @param baseline the digest that served before
 * @param maxErrorRate above which the stable version is not well
 * @param detectedAt when the clock of the budget started
 */
record Descent(
        String releaseKey,
        long drill,
        String place,
        String candidate,
        String baseline,
        double maxErrorRate,
        Instant detectedAt,
        Instant startedAt) {
    static final long NO_DRILL = 0;

    boolean isDrill() {
        return drill != NO_DRILL;
    }

    /** The service in the catalog. */
    String service() {
        return Staging.service(place).orElse(place);
    }

    /** For systems that do a thing once for each descent. */
    String id() {
        return isDrill() ? "%s/drill/%d".formatted(releaseKey, drill) : releaseKey;
    }
}
