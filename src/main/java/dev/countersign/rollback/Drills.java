package dev.countersign.rollback;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** The drills there were. */
public interface Drills {
    /** The variable of the models that names the drill. */
    String VARIABLE = "drill";

    /** Of a release, newest first. */
    List<Drill> ofRelease(String releaseKey);

    /**
     * @param wantedBy who started it
     * @param baseline what ran in staging before; null until it was read
     * @param beganAt when the clock started; null before
     * @param result {@code succeeded}, {@code failed}, {@code abandoned}; null while it runs
     * @param because why it failed or was abandoned; null otherwise
     */
    record Drill(
            long id,
            String releaseKey,
            String service,
            String environment,
            String scriptPath,
            String scriptDigest,
            String procedurePath,
            String procedureDigest,
            String owner,
            Duration budget,
            double maxErrorRate,
            String wantedBy,
            Instant wantedAt,
            String candidate,
            String baseline,
            Instant beganAt,
            Instant endedAt,
            String result,
            String because) {
        /** From the clock's start to the end; null before. */
        public Duration took() {
            return beganAt == null || endedAt == null ? null : Duration.between(beganAt, endedAt);
        }

        /** Whether it showed anything, for or against the way back. */
        public boolean counts() {
            return "succeeded".equals(result) || "failed".equals(result);
        }
    }
}
