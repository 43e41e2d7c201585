package dev.countersign.release;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/** A request to open a release, as in the HTTP contract. Null where a member was left out. */
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
        List<Release.SuccessMetric> successMetrics) {
    public record Window(Instant start, Instant end) {}
}
