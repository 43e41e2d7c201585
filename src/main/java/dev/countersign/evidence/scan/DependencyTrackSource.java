package dev.countersign.evidence.scan;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.evidence.EvidenceSource;
import dev.countersign.evidence.Purl;
import dev.countersign.evidence.SourceUnavailable;
import dev.countersign.evidence.http.BaseAddress;
import dev.countersign.evidence.http.Secret;
import dev.countersign.evidence.http.SystemApi;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.stereotype.Component;

/** Dependency-Track (API v1): what it knows of the project in the release's version, when it has looked at the whole of what was imported last. */
@Component
@ConditionalOnProperty("countersign.evidence.dependency-track.url")
class DependencyTrackSource implements EvidenceSource {
    private static final String UUID = "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}";

    private final DependencyTrackProperties properties;
    private final SystemApi api;
    private final Clock clock;

    DependencyTrackSource(DependencyTrackProperties properties, Clock clock) {
        this.properties = properties;
        this.clock = clock;
        Secret key = properties.credentials();
        this.api = new SystemApi(
                properties.url(),
                () -> Map.of("Accept", "application/json, application/vnd.cyclonedx+json", "X-Api-Key", key.read()),
                properties.timeout(),
                properties.maxResponse().toBytes(),
                clock);
    }

    @Override
    public String name() {
        return "dependency-track";
    }

    @Override
    public Set<String> types(Asked asked) {
        return Set.of("cyclonedx");
    }

    @Override
    public Answer fetch(Asked asked, Duration within) throws SourceUnavailable, InterruptedException {
        String name = properties
                .projects()
                .getOrDefault(asked.release().service(), asked.release().service());
        String version = asked.release().version();
        Optional<JsonNode> found = project(name, version);
        if (found.isEmpty()) {
            return Answer.nothing("it knows no project %s in version %s".formatted(name, version));
        }
        Instant imported = time(found.get(), "lastBomImport");
        Instant analysed = time(found.get(), "lastVulnerabilityAnalysis");
        if (imported == null) {
            return Answer.nothing("no bill of materials of %s %s has been imported yet".formatted(name, version));
        }
        if (analysed == null || analysed.isBefore(imported)) {
            return Answer.nothing("the analysis of %s %s has not finished yet".formatted(name, version));
        }
        if (analysed.isBefore(clock.instant().minus(properties.longestSinceAnalysis()))) {
            return Answer.nothing(
                    "it last analysed %s %s at %s, which is too long ago".formatted(name, version, analysed));
        }
        String uuid = found.get().path("uuid").asText("");
        if (!uuid.matches(UUID)) {
            throw new SourceUnavailable("its project has no uuid");
        }
        JsonNode inventory = export(uuid, "inventory");
        byte[] document = FoundAndLookedAt.of(inventory, export(uuid, "vdr"));
        JsonNode after = project(name, version).orElse(found.get());
        if (!imported.equals(time(after, "lastBomImport"))
                || !analysed.equals(time(after, "lastVulnerabilityAnalysis"))) {
            throw new SourceUnavailable("%s %s was analysed anew while it was asked".formatted(name, version));
        }
        return Answer.of(List.of(Fetched.state("cyclonedx", "project", document, about(inventory, name, version))));
    }

    private Optional<JsonNode> project(String name, String version) throws SourceUnavailable, InterruptedException {
        Optional<JsonNode> found = api.page("/api/v1/project/lookup?name=%s&version=%s"
                        .formatted(BaseAddress.segment(name), BaseAddress.segment(version)))
                .map(SystemApi.Page::body);
        if (found.isPresent()
                && (!found.get().path("name").asText("").equals(name)
                        || !found.get().path("version").asText("").equals(version))) {
            throw new SourceUnavailable("it answered with another project than was asked for");
        }
        return found;
    }

    private JsonNode export(String uuid, String variant) throws SourceUnavailable, InterruptedException {
        JsonNode bom = api.json("/api/v1/bom/cyclonedx/project/%s?format=json&variant=%s".formatted(uuid, variant));
        if (!bom.path("bomFormat").asText("").equals("CycloneDX")) {
            throw new SourceUnavailable("its export of the variant %s is not CycloneDX".formatted(variant));
        }
        return bom;
    }

    /** The document states name and version itself, or a package URL; what the project is called was said by the operator. */
    private static About about(JsonNode bom, String name, String version) throws SourceUnavailable {
        JsonNode component = bom.path("metadata").path("component");
        if (!component.path("name").asText("").equals(name)
                || !component.path("version").asText("").equals(version)) {
            throw new SourceUnavailable("its export is of another project than was asked for");
        }
        Purl purl = Purl.of(component.path("purl").asText(null));
        return About.named(purl == null || purl.version() == null ? name : purl.name());
    }

    /** Milliseconds since 1970; null where there is no such time. */
    private static Instant time(JsonNode project, String field) throws SourceUnavailable {
        JsonNode at = project.path(field);
        if (at.isMissingNode() || at.isNull()) {
            return null;
        }
        if (!at.isIntegralNumber()) {
            throw new SourceUnavailable("it states a time that cannot be read: " + field);
        }
        return Instant.ofEpochMilli(at.asLong());
    }
}
