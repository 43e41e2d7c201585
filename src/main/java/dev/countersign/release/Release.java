package dev.countersign.release;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * One attempt to bring one version of a service into an environment.
 *
 * @param key {@code service@version}, {@code service@version~2} for a second attempt; the business key of all its process instances
 * @param kind {@code standard} or {@code hotfix}
 * @param tier risk tier decided by the table {@code risk-tier}: {@code critical}, {@code high} or {@code standard}
 * @param owner the accountable group of the service in the catalog
 * @param changes the change facts; every fact is present, one that was left out counts as true
 * @param flag the feature flag that exposes what it brings; null where none does
 * @param policy the engine deployment that holds the models and tables this release runs under
 * @param fixes the incident or the reason that a hotfix answers; null for others, and where it named none
 * @param materialDigest {@code sha256:…} over the material parts of the dossier
 */
public record Release(
        String key,
        String service,
        String version,
        int attempt,
        String kind,
        ReleaseState state,
        boolean closed,
        String tier,
        String owner,
        String requestedBy,
        String summary,
        String environment,
        String commit,
        Instant committedAt,
        List<String> authors,
        List<Artifact> artifacts,
        Map<String, Boolean> changes,
        Instant windowStart,
        Instant windowEnd,
        List<String> dependsOn,
        String rfc,
        List<SuccessMetric> successMetrics,
        String policy,
        String materialDigest,
        Instant openedAt,
        Instant stateSince,
        String flag,
        String fixes) {

    /** One that no flag exposes and that answers no incident. */
    public Release(
            String key,
            String service,
            String version,
            int attempt,
            String kind,
            ReleaseState state,
            boolean closed,
            String tier,
            String owner,
            String requestedBy,
            String summary,
            String environment,
            String commit,
            Instant committedAt,
            List<String> authors,
            List<Artifact> artifacts,
            Map<String, Boolean> changes,
            Instant windowStart,
            Instant windowEnd,
            List<String> dependsOn,
            String rfc,
            List<SuccessMetric> successMetrics,
            String policy,
            String materialDigest,
            Instant openedAt,
            Instant stateSince) {
        this(
                key,
                service,
                version,
                attempt,
                kind,
                state,
                closed,
                tier,
                owner,
                requestedBy,
                summary,
                environment,
                commit,
                committedAt,
                authors,
                artifacts,
                changes,
                windowStart,
                windowEnd,
                dependsOn,
                rfc,
                successMetrics,
                policy,
                materialDigest,
                openedAt,
                stateSince,
                null,
                null);
    }

    static final String HOTFIX = "hotfix";

    public record Artifact(String name, String digest) {}

    public record SuccessMetric(String name, double target, String direction) {}

    /** The change facts that are true, for a person to read. */
    public String changesInWords() {
        String changed = changes.entrySet().stream()
                .filter(Map.Entry::getValue)
                .map(Map.Entry::getKey)
                .sorted()
                .collect(Collectors.joining(", "));
        return changed.isEmpty() ? "nothing that a change fact names" : changed;
    }

    public boolean isFlagged() {
        return flag != null;
    }

    /** What a hotfix answers, in words; the one that names nothing says so to those who decide on it and review it. */
    public String answers() {
        if (fixes != null) {
            return fixes;
        }
        return summary == null ? "nothing that was named" : "nothing that was named; its summary: " + summary;
    }

    /** Faster, decided by two, and looked at afterwards. What closes a service for ordinary releases does not close it for a hotfix. */
    public boolean isHotfix() {
        return HOTFIX.equals(kind);
    }

    /** Whether the person wrote or requested what is released: they never approve it. */
    public boolean isAuthorOrRequester(String person) {
        return requestedBy.equals(person) || authors.contains(person);
    }

    public boolean changes(String fact) {
        return changes.getOrDefault(fact, true);
    }
}
