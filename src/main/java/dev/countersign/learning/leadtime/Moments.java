package dev.countersign.learning.leadtime;

import java.time.Duration;
import java.time.Instant;

/**
 * What a change's lead time is computed from. Each but the creation and the merge may be null: not known, or it did not happen.
 *
 * @param firstCommit when the first of its commits was written
 * @param reviewed when somebody else first said something
 * @param deployed when the deployment that brought it had finished
 */
record Moments(Instant firstCommit, Instant created, Instant reviewed, Instant merged, Instant deployed) {
    static Moments of(Change change, Deployment deployment) {
        return new Moments(
                change.firstCommit().map(Change.Commit::authored).orElse(null),
                change.created(),
                change.firstReview().map(Change.Remark::at).orElse(null),
                change.merged(),
                deployment == null ? null : deployment.finished());
    }

    Parts parts() {
        return new Parts(
                between(firstCommit, created),
                between(created, reviewed),
                between(reviewed, merged),
                between(merged, deployed),
                Duration.between(earlier(firstCommit, created), later(merged, deployed)));
    }

    /** Null where one of them is not known, and where they stand in the other order: a rebased commit is younger than its change, and nothing took less than no time. */
    private static Duration between(Instant from, Instant to) {
        return from == null || to == null || to.isBefore(from) ? null : Duration.between(from, to);
    }

    private static Instant earlier(Instant perhaps, Instant sure) {
        return perhaps != null && perhaps.isBefore(sure) ? perhaps : sure;
    }

    private static Instant later(Instant sure, Instant perhaps) {
        return perhaps != null && perhaps.isAfter(sure) ? perhaps : sure;
    }
}
