package dev.countersign.learning.leadtime;

import java.time.Instant;

/**
 * A commit was brought into an environment.
 *
 * @param scope what deploys it, such as a pipeline or a service: two scopes of one repository follow each other independently
 * @param finished null while it is not
 */
record Deployment(
        String id,
        String scope,
        String repository,
        String environment,
        boolean production,
        boolean successful,
        String commit,
        Instant finished) {
    boolean counts() {
        return production && isSuccess();
    }

    boolean isSuccess() {
        return successful && finished != null;
    }

    /** Whether this one came before the other at the same place. */
    boolean precedes(Deployment other) {
        return isSuccess()
                && finished.isBefore(other.finished)
                && scope.equals(other.scope)
                && repository.equals(other.repository)
                && environment.equals(other.environment);
    }
}
