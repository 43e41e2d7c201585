package dev.countersign.incident;

import dev.countersign.catalog.Catalog;
import dev.countersign.catalog.Service;
import dev.countersign.identity.People;
import dev.countersign.identity.Role;
import dev.countersign.incident.Tracking.Wanted;
import dev.countersign.release.Release;
import dev.countersign.workflow.Decisions;
import dev.countersign.workflow.ModelDeployment;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** A service that is rolled back again and again needs repair: the table {@code chronic-instability} says when, once an episode. */
@Component
class ChronicInstability {
    private static final String TABLE = "chronic-instability";
    private static final Duration MONTH = Duration.ofDays(30);
    private static final Duration QUARTER = Duration.ofDays(90);

    private final IncidentStore incidents;
    private final TrackedActionStore actions;
    private final StoredTracking tracking;
    private final Decisions decisions;
    private final ObjectProvider<ModelDeployment> models;
    private final Catalog catalog;
    private final People people;
    private final Clock clock;

    ChronicInstability(
            IncidentStore incidents,
            TrackedActionStore actions,
            StoredTracking tracking,
            Decisions decisions,
            ObjectProvider<ModelDeployment> models,
            Catalog catalog,
            People people,
            Clock clock) {
        this.incidents = incidents;
        this.actions = actions;
        this.tracking = tracking;
        this.decisions = decisions;
        this.models = models;
        this.catalog = catalog;
        this.people = people;
        this.clock = clock;
    }

    /** Looks at the service of a release that was rolled back. An episode lasts until its repair is done, and begins anew with later rollbacks only. */
    void look(Release release) {
        String service = release.service();
        if (actions.isRepairing(service)) {
            return;
        }
        Optional<Instant> repaired = actions.repairedAt(service);
        String tier = catalog.service(service).map(Service::tier).orElse("critical");
        long inMonth = rollbacks(service, MONTH, repaired);
        long inQuarter = rollbacks(service, QUARTER, repaired);
        Decisions.Answered answer = decisions.ask(
                decisions.knows(release.policy(), TABLE)
                        ? release.policy()
                        : models.getObject().current(),
                TABLE,
                Map.of("tier", tier, "rollbacks30d", (int) inMonth, "rollbacks90d", (int) inQuarter));
        Map<String, Object> row = answer.single();
        if (Boolean.TRUE.equals(row.get("unstable"))) {
            Instant due = clock.instant().plus(Duration.ofDays(((Number) row.get("days")).longValue()));
            tracking.open(
                    release,
                    Tracking.Origin.INSTABILITY,
                    "%s is chronically unstable: %s, %d in 30 days and %d in 90 days since the last repair (%s)"
                            .formatted(service, row.get("because"), inMonth, inQuarter, answer.version()),
                    List.of(new Wanted(
                            "Find out why %s is rolled back again and again, and repair it".formatted(service),
                            ownerOf(service),
                            true,
                            due)));
        }
    }

    private long rollbacks(String service, Duration within, Optional<Instant> repaired) {
        Instant since = clock.instant().minus(within);
        // What was detected until then belongs to the episode before.
        return incidents.rollbacksOf(
                service,
                repaired.map(done -> done.plusMillis(1))
                        .filter(begin -> begin.isAfter(since))
                        .orElse(since));
    }

    /** Somebody must be there who can do it. */
    private String ownerOf(String service) {
        return catalog.service(service)
                .map(Service::owner)
                .filter(people::hasMembers)
                .orElse(Role.HEAD_OF_OPERATIONS.id());
    }
}
