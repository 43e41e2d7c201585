package dev.countersign.learning.delivery;

import dev.countersign.incident.AttributedIncidents.AttributedIncident;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * What is known of a deployment beside that it happened.
 *
 * @param remedies hotfixes that follow it, oldest first
 * @param incidents those that a person attributed to it, oldest first
 */
record Judged(Deployment deployment, List<Deployment> remedies, List<AttributedIncident> incidents) {
    Judged {
        remedies = List.copyOf(remedies);
        incidents = List.copyOf(incidents);
    }

    /** Why a deployment counts as failed. */
    enum Failure {
        ROLLED_BACK,
        HOTFIX,
        INCIDENT,
        REPORTED
    }

    /** How a failed deployment stands. */
    enum Recovery {
        RECOVERED,
        OPEN,
        /** Nobody here measures when a deployment past the platform was put right. */
        NOT_RECORDED
    }

    List<Failure> failures() {
        var failures = new ArrayList<Failure>();
        if (deployment.isRolledBack()) {
            failures.add(Failure.ROLLED_BACK);
        }
        if (!remedies.isEmpty()) {
            failures.add(Failure.HOTFIX);
        }
        if (!incidents.isEmpty()) {
            failures.add(Failure.INCIDENT);
        }
        if (deployment.isReportedFailure()) {
            failures.add(Failure.REPORTED);
        }
        return failures;
    }

    boolean failed() {
        return deployment.isRolledBack()
                || !remedies.isEmpty()
                || !incidents.isEmpty()
                || deployment.isReportedFailure();
    }

    /** An unplanned deployment that an incident caused. */
    boolean isRework() {
        return deployment.isHotfix() || deployment.fixes() != null;
    }

    /** Null where it did not fail. */
    Recovery recovery() {
        if (!failed()) {
            return null;
        }
        if (recoveredAt() != null) {
            return Recovery.RECOVERED;
        }
        return !deployment.isRolledBack() && remedies.isEmpty() && incidents.isEmpty()
                ? Recovery.NOT_RECORDED
                : Recovery.OPEN;
    }

    /**
     * Incidents that somebody attributed say themselves when they were over, and a rollback when users were back: the last of them counts, and one that is open keeps it open. Only
     * where there is neither, the first hotfix that reached all users.
     */
    Instant recoveredAt() {
        boolean rolledBack = deployment.isRolledBack();
        if (!rolledBack && incidents.isEmpty()) {
            return remedies.stream()
                    .map(Deployment::completedAt)
                    .filter(Objects::nonNull)
                    .min(Instant::compareTo)
                    .orElse(null);
        }
        List<Instant> ends = new ArrayList<>();
        if (rolledBack) {
            ends.add(deployment.wayBack().recoveredAt());
        }
        incidents.forEach(incident -> ends.add(incident.resolvedAt()));
        return ends.contains(null)
                ? null
                : ends.stream().max(Instant::compareTo).orElse(null);
    }

    /** From the deployment on; null while it is not recovered. */
    Duration timeToRecovery() {
        return between(deployment.deployedAt(), failed() ? recoveredAt() : null);
    }

    /** When the trouble was noticed; null where no incident is known. */
    Instant troubleSince() {
        Stream<Instant> attributed = incidents.stream().map(AttributedIncident::startedAt);
        Stream<Instant> detected =
                deployment.isRolledBack() ? Stream.of(deployment.wayBack().detectedAt()) : Stream.empty();
        return Stream.concat(attributed, detected).min(Instant::compareTo).orElse(null);
    }

    /** From the start of the incident on; null while it is not recovered, and where no incident is known. */
    Duration timeFromTrouble() {
        return between(troubleSince(), failed() ? recoveredAt() : null);
    }

    private static Duration between(Instant from, Instant to) {
        if (from == null || to == null) {
            return null;
        }
        return to.isBefore(from) ? Duration.ZERO : Duration.between(from, to);
    }
}
