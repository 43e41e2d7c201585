package dev.countersign.observe;

import java.time.Instant;
import java.util.List;

/** Where measurements come from. One batch of queries per service and tick. Implementations: sandbox, Prometheus. */
public interface MetricsSource {
    /**
     * Requests of one service, per version and interval, from the given time on, oldest first. Intervals in which nothing was
     * measured are absent; they are never reported as zero.
     *
     * @throws java.io.IOException when the source does not answer: the observation holds with verdict {@code ERROR}
     */
    List<Sample> requests(String service, Instant from, Instant to) throws java.io.IOException;

    /**
     * What one version answered in one interval.
     *
     * @param version the artifact digest that answered
     * @param latencyP50Ms null where nothing was measured
     */
    record Sample(
            Instant at,
            java.time.Duration interval,
            String version,
            long requests,
            long errors,
            Double latencyP50Ms,
            Double latencyP95Ms,
            Double latencyP99Ms) {}
}
