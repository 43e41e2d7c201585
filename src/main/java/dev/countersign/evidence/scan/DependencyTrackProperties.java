package dev.countersign.evidence.scan;

import dev.countersign.evidence.http.BaseAddress;
import dev.countersign.evidence.http.Secret;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * @param url of the API server, without {@code /api}; without it Dependency-Track is not asked
 * @param apiKey of a team with VIEW_PORTFOLIO and VIEW_VULNERABILITY, from the environment; or in a file, {@code api-key-file}, read anew for each call
 * @param projects the project's name of a service, where it is not the service's own
 * @param longestSinceAnalysis an analysis older than this says nothing about now: it analyses active projects every day
 */
@ConfigurationProperties("countersign.evidence.dependency-track")
record DependencyTrackProperties(
        URI url,
        String apiKey,
        Path apiKeyFile,
        Map<String, String> projects,
        @DefaultValue("P3D") Duration longestSinceAnalysis,
        @DefaultValue("PT4S") Duration timeout,
        @DefaultValue("10MB") DataSize maxResponse) {
    DependencyTrackProperties {
        BaseAddress.check("countersign.evidence.dependency-track.url", url);
        if (url != null && Secret.of("countersign.evidence.dependency-track.api-key", apiKey, apiKeyFile) == null) {
            throw new IllegalArgumentException("countersign.evidence.dependency-track needs api-key or api-key-file");
        }
        projects = projects == null ? Map.of() : Map.copyOf(projects);
    }

    Secret credentials() {
        return Secret.of("countersign.evidence.dependency-track.api-key", apiKey, apiKeyFile);
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "DependencyTrackProperties[url=" + url + "]";
    }
}
