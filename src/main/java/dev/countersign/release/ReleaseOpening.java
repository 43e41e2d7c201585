package dev.countersign.release;

import dev.countersign.catalog.Service;
import dev.countersign.identity.Actors;
import dev.countersign.identity.Role;
import dev.countersign.workflow.ModelDeployment;
import dev.countersign.workflow.Processes;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.transaction.annotation.Transactional;

/** Opens releases: by the API, and by the start form in Tasklist. */
@org.springframework.stereotype.Service
public class ReleaseOpening {
    /** The change facts; one that is left out counts as true. */
    public static final List<String> CHANGE_FACTS = List.of(
            "externalEndpoints",
            "authentication",
            "personalData",
            "databaseMigration",
            "infrastructure",
            "apiContract");

    private final JdbcReleases releases;
    private final OpeningRules rules;
    private final Timeline timeline;
    private final Dossiers dossiers;
    private final Actors actors;
    private final ModelDeployment models;
    private final Processes processes;
    private final StoredPolicy pinned;
    private final Clock clock;

    ReleaseOpening(
            JdbcReleases releases,
            OpeningRules rules,
            Timeline timeline,
            Dossiers dossiers,
            Actors actors,
            ModelDeployment models,
            Processes processes,
            StoredPolicy pinned,
            Clock clock) {
        this.releases = releases;
        this.rules = rules;
        this.timeline = timeline;
        this.dossiers = dossiers;
        this.actors = actors;
        this.models = models;
        this.processes = processes;
        this.pinned = pinned;
        this.clock = clock;
    }

    /** Opens a release and starts its process. */
    @Transactional
    public Release open(OpenRelease request) {
        Release release = register(request, models.current());
        processes.start(release.policy(), "release", release.key());
        return releases.get(release.key());
    }

    /** Writes the release; its process is already there. */
    Release register(OpenRelease request, String policy) {
        actors.require(Role.RELEASE_MANAGER, Role.DEVELOPER, Role.CI);
        Service service = rules.check(request);
        if (releases.isOpen(request.service(), request.version())) {
            throw new StateConflict(
                    "%s %s has an open release already".formatted(request.service(), request.version()));
        }
        Release release = release(request, service, policy);
        try {
            releases.insert(release);
        } catch (DuplicateKeyException another) {
            throw new StateConflict(
                    "%s %s was opened by somebody else just now".formatted(request.service(), request.version()));
        }
        Map<String, String> digests = pinned.pin(release);
        timeline.record(
                release.key(),
                "release.opened",
                release.requestedBy(),
                "Opened for %s: %s".formatted(release.environment(), release.summary()),
                Map.of(
                        "commit",
                        release.commit(),
                        "artifacts",
                        release.artifacts(),
                        "changes",
                        release.changes(),
                        "policy",
                        policy,
                        "pinned",
                        digests));
        dossiers.changed(release.key(), "opened");
        return release;
    }

    private Release release(OpenRelease request, Service service, String policy) {
        int attempt = releases.attempts(request.service(), request.version()) + 1;
        String key = request.service() + "@" + request.version() + (attempt == 1 ? "" : "~" + attempt);
        Map<String, Boolean> changes = new HashMap<>();
        CHANGE_FACTS.forEach(fact -> changes.put(
                fact,
                request.changes() == null
                        || !Boolean.FALSE.equals(request.changes().get(fact))));
        var window = Objects.requireNonNullElse(request.window(), new OpenRelease.Window(null, null));
        return new Release(
                key,
                request.service(),
                request.version(),
                attempt,
                Objects.requireNonNullElse(request.kind(), "standard"),
                ReleaseState.CRITERIA,
                false,
                null,
                service.owner(),
                actors.current(),
                Objects.requireNonNullElse(request.summary(), ""),
                Objects.requireNonNullElse(request.environment(), "production"),
                request.commit(),
                request.committedAt(),
                request.authors().stream().map(String::strip).distinct().toList(),
                request.artifacts(),
                changes,
                window.start(),
                window.end(),
                Objects.requireNonNullElse(request.dependsOn(), List.of()),
                request.rfc(),
                Objects.requireNonNullElse(request.successMetrics(), List.of()),
                policy,
                null,
                clock.instant(),
                clock.instant(),
                request.flag(),
                request.fixes() == null || request.fixes().isBlank()
                        ? null
                        : request.fixes().strip());
    }
}
