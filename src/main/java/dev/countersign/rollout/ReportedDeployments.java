package dev.countersign.rollout;

import java.time.Instant;
import java.util.List;

/** Deployments that other systems reported, and that no release here accounts for: changes that went past the platform. */
public interface ReportedDeployments {
    /** Of environments that count as production, by when they began, from {@code from} until before {@code to}, oldest first. */
    List<ReportedDeployment> unapproved(Instant from, Instant to);

    /** How many these are. */
    long countUnapproved(Instant from, Instant to);

    /**
     * @param id as it is known here
     * @param source the system that reported it, such as {@code github}
     * @param service null where the catalog knows none by its repository
     * @param result {@code SUCCESS} or {@code FAILURE}; null while it goes on
     * @param finishedAt null while it goes on
     * @param address of its page there; null where it said none
     */
    record ReportedDeployment(
            String id,
            String source,
            String service,
            String environment,
            String commit,
            String result,
            Instant startedAt,
            Instant finishedAt,
            String address) {}
}
