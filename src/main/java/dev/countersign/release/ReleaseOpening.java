package dev.countersign.release;

import dev.countersign.api.Problem;
import dev.countersign.api.Problem.FieldError;
import dev.countersign.catalog.Catalog;
import dev.countersign.catalog.Service;
import dev.countersign.identity.Actors;
import dev.countersign.identity.Role;
import dev.countersign.workflow.ModelDeployment;
import dev.countersign.workflow.Processes;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
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

    private static final Set<String> KINDS = Set.of("standard", "hotfix");
    private final JdbcReleases releases;
    private final Catalog catalog;
    private final Timeline timeline;
    private final Dossiers dossiers;
    private final Actors actors;
    private final ModelDeployment models;
    private final Processes processes;
    private final StoredPolicy pinned;
    private final Clock clock;

    ReleaseOpening(
            JdbcReleases releases,
            Catalog catalog,
            Timeline timeline,
            Dossiers dossiers,
            Actors actors,
            ModelDeployment models,
            Processes processes,
            StoredPolicy pinned,
            Clock clock) {
        this.releases = releases;
        this.catalog = catalog;
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
        Service service = validate(request);
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
                Objects.requireNonNullElse(request.authors(), List.of()),
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
                clock.instant());
    }

    private Service validate(OpenRelease request) {
        List<FieldError> errors = new ArrayList<>();
        Service service = request.service() == null
                ? null
                : catalog.service(request.service()).orElse(null);
        check(errors, service != null, "/service", "must name a service of the catalog");
        if (service != null) {
            catalog.whyItCannotRelease(service.name())
                    .ifPresent(reason -> check(errors, false, "/service", "cannot release: " + reason));
        }
        check(
                errors,
                matches(request.version(), "[0-9A-Za-z][0-9A-Za-z.+_-]{0,63}"),
                "/version",
                "must be 1 to 64 letters, digits, dots, plus, minus or underscore, for example 2.4.0");
        check(errors, request.kind() == null || KINDS.contains(request.kind()), "/kind", "must be standard or hotfix");
        check(
                errors,
                request.summary() == null || request.summary().length() <= 2000,
                "/summary",
                "must have at most 2000 characters");
        check(errors, matches(request.commit(), "[0-9a-f]{7,64}"), "/commit", "must be a commit's hexadecimal id");
        check(
                errors,
                request.environment() == null || "production".equals(request.environment()),
                "/environment",
                "must be production: releases go there");
        check(
                errors,
                request.artifacts() != null && !request.artifacts().isEmpty(),
                "/artifacts",
                "must name at least one artifact");
        List<Release.Artifact> artifacts = Objects.requireNonNullElse(request.artifacts(), List.of());
        for (int i = 0; i < artifacts.size(); i++) {
            check(
                    errors,
                    artifacts.get(i) != null
                            && artifacts.get(i).name() != null
                            && !artifacts.get(i).name().isBlank(),
                    "/artifacts/" + i + "/name",
                    "must not be empty");
            check(
                    errors,
                    artifacts.get(i) != null && matches(artifacts.get(i).digest(), "sha256:[0-9a-f]{64}"),
                    "/artifacts/" + i + "/digest",
                    "must be sha256: and 64 hexadecimal digits");
        }
        if (request.changes() != null) {
            request.changes()
                    .keySet()
                    .forEach(fact -> check(
                            errors,
                            CHANGE_FACTS.contains(fact),
                            "/changes/" + fact,
                            "is no change fact; there are " + CHANGE_FACTS));
        }
        OpenRelease.Window window = request.window();
        check(
                errors,
                window == null
                        || window.start() == null
                        || window.end() == null
                        || window.start().isBefore(window.end()),
                "/window",
                "must end after it starts");
        check(
                errors,
                window == null || window.end() == null || window.end().isAfter(clock.instant()),
                "/window/end",
                "is past");
        if (!errors.isEmpty()) {
            throw Problem.invalid(
                    "The release cannot be opened: " + errors.get(0).pointer() + " "
                            + errors.get(0).message(),
                    errors);
        }
        return service;
    }

    private static boolean matches(String value, String pattern) {
        return value != null && value.matches(pattern);
    }

    private static void check(List<FieldError> errors, boolean condition, String pointer, String message) {
        if (!condition) {
            errors.add(new FieldError(pointer, message));
        }
    }
}
