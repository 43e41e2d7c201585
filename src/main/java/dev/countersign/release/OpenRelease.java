package dev.countersign.release;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A request to open a release, as in the HTTP contract. Null where a member was left out.
 *
 * @param flag key of the feature flag that exposes what the release brings, in the system that manages the service's flags
 */
public record OpenRelease(
        String service,
        String version,
        String kind,
        String summary,
        String environment,
        String commit,
        Instant committedAt,
        List<String> authors,
        List<Release.Artifact> artifacts,
        Map<String, Boolean> changes,
        Window window,
        List<String> dependsOn,
        String rfc,
        List<Release.SuccessMetric> successMetrics,
        String flag,
        String fixes) {

    /** One that no flag exposes and that answers no incident. */
    public OpenRelease(
            String service,
            String version,
            String kind,
            String summary,
            String environment,
            String commit,
            Instant committedAt,
            List<String> authors,
            List<Release.Artifact> artifacts,
            Map<String, Boolean> changes,
            Window window,
            List<String> dependsOn,
            String rfc,
            List<Release.SuccessMetric> successMetrics) {
        this(
                service,
                version,
                kind,
                summary,
                environment,
                commit,
                committedAt,
                authors,
                artifacts,
                changes,
                window,
                dependsOn,
                rfc,
                successMetrics,
                null,
                null);
    }

    public record Window(Instant start, Instant end) {}
}
