package dev.countersign.rollback;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The rollbacks there were. */
public interface Rollbacks {
    Optional<Rollback> find(String releaseKey);

    /** The rungs of a release's rollback as they were gone, in their order. */
    List<Rung> rungsOf(String releaseKey);

    /** Of a service, since a time, newest first. */
    List<Rollback> ofService(String service, Instant since);

    /**
     * @param detectedAt when the clock of the budget started
     * @param trafficBackAt when users were on the stable version again
     * @param breachedAt when the budget was exceeded; null where it held
     * @param failedRung the rung that failed last, with its reason; null where none did
     * @param checks what the validation proved, in sentences
     * @param endedBy who answers for its end without a proof; null where it is proven, or under way
     * @param exposed whether users may have met the release; false only where it is known that none did
     */
    record Rollback(
            String releaseKey,
            Instant detectedAt,
            String detectedBy,
            String cause,
            Duration budget,
            Instant startedAt,
            Instant trafficBackAt,
            Instant breachedAt,
            Instant finishedAt,
            String failedRung,
            List<String> checks,
            String endedBy,
            boolean exposed) {
        /** From detection to the proof; null while it runs. */
        public Duration took() {
            return finishedAt == null ? null : Duration.between(detectedAt, finishedAt);
        }

        /** From detection to users being safe; null while they are not. */
        public Duration trafficBackAfter() {
            return trafficBackAt == null ? null : Duration.between(detectedAt, trafficBackAt);
        }
    }
}
