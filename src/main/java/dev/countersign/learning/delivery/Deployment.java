package dev.countersign.learning.delivery;

import dev.countersign.release.ReleaseState;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A change that was attempted in production: a release whose rollout began, or one that another system deployed past the platform.
 *
 * @param key of the release; past the platform the id under which the report is known
 * @param service null where a report names no service that the catalog knows
 * @param state null past the platform
 * @param deployedAt when its rollout began
 * @param completedAt when all users were on it; null where they are not, or no more
 * @param committedAt null where nobody said
 * @param fixes what it answers, in the words of whoever opened it; null where it answers nothing
 * @param wayBack null where it was not rolled back
 * @param reported null where the platform itself deployed it
 */
record Deployment(
        String key,
        String service,
        String kind,
        ReleaseState state,
        Instant deployedAt,
        Instant completedAt,
        Instant committedAt,
        String fixes,
        WayBack wayBack,
        Reported reported) {

    /**
     * @param usersBackAt when users were on the stable version again; null while they are not
     * @param provenAt when the rollback was over; null while it runs, or waits for a person
     * @param exposed whether users may have met the release
     */
    record WayBack(Instant detectedAt, Instant usersBackAt, Instant provenAt, boolean exposed) {
        /** When users were back, once that is proven: traffic that went back to something broken recovers nothing. */
        Instant recoveredAt() {
            return provenAt == null ? null : Optional.ofNullable(usersBackAt).orElse(provenAt);
        }
    }

    /** @param address of its page in the system that reported it; null where it said none */
    record Reported(String source, String environment, String commit, String result, String address) {
        boolean failed() {
            return "FAILURE".equals(result);
        }
    }

    boolean isHotfix() {
        return "hotfix".equals(kind);
    }

    boolean isPastPlatform() {
        return reported != null;
    }

    boolean isReportedFailure() {
        return reported != null && reported.failed();
    }

    /** Rolled back although users may have met it. Where it is known that none did, nothing failed for anybody. */
    boolean isRolledBack() {
        return wayBack != null && wayBack.exposed();
    }

    /** Null where the commit's time is missing, or later than the deployment, so that it cannot be right. */
    Duration leadTime() {
        return committedAt == null || committedAt.isAfter(deployedAt)
                ? null
                : Duration.between(committedAt, deployedAt);
    }

    /** As {@link #leadTime()}, until all users were on it. */
    Duration leadTimeToAll() {
        return leadTime() == null || completedAt == null ? null : Duration.between(committedAt, completedAt);
    }
}
