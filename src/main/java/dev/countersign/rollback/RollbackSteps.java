package dev.countersign.rollback;

import dev.countersign.catalog.Catalog;
import dev.countersign.catalog.Service;
import dev.countersign.identity.Actors;
import dev.countersign.identity.Role;
import dev.countersign.notice.Notices;
import dev.countersign.notice.Notices.Notice;
import dev.countersign.release.Release;
import dev.countersign.release.ReleaseState;
import dev.countersign.release.Releases;
import dev.countersign.release.Timeline;
import dev.countersign.rollback.Rollbacks.Rollback;
import dev.countersign.rollout.Rollouts;
import dev.countersign.rollout.Rollouts.Rollout;
import dev.countersign.workflow.Decisions;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.springframework.stereotype.Component;

/** What the steps of the rollback's model do. Each may be repeated. */
@Component
class RollbackSteps {
    private final RollbackStore store;
    private final RungStore rungs;
    private final Descents descents;
    private final Releases releases;
    private final Rollouts rollouts;
    private final IncidentTask incident;
    private final Notices notices;
    private final Decisions decisions;
    private final Catalog catalog;
    private final Timeline timeline;
    private final Clock clock;

    RollbackSteps(
            RollbackStore store,
            RungStore rungs,
            Descents descents,
            Releases releases,
            Rollouts rollouts,
            IncidentTask incident,
            Notices notices,
            Decisions decisions,
            Catalog catalog,
            Timeline timeline,
            Clock clock) {
        this.store = store;
        this.rungs = rungs;
        this.descents = descents;
        this.releases = releases;
        this.rollouts = rollouts;
        this.incident = incident;
        this.notices = notices;
        this.decisions = decisions;
        this.catalog = catalog;
        this.timeline = timeline;
        this.clock = clock;
    }

    void start(String releaseKey) {
        if (store.find(releaseKey).isPresent()) {
            return;
        }
        Release release = releases.get(releaseKey);
        String target = catalog.service(release.service()).map(Service::target).orElse("production");
        Decisions.Answered answer =
                decisions.ask(release.policy(), "rollback-budget", Map.of("tier", release.tier(), "target", target));
        Duration budget = Duration.parse(String.valueOf(answer.single().get("budget")));
        Optional<Rollout> rollout = rollouts.find(releaseKey);
        Demand demand = Demand.of(rollout, timeline.of(releaseKey), clock.instant());
        store.begin(
                releaseKey,
                demand.detectedAt(),
                demand.by(),
                demand.cause(),
                budget,
                rollout.map(Rollout::trafficBackAt).orElse(null),
                demand.exposed());
        timeline.record(
                releaseKey,
                "rollback.started",
                demand.by(),
                "Rolling back within %s of detection (%s)%s: %s"
                        .formatted(
                                budget,
                                answer.version(),
                                demand.exposed() ? "" : ", no user has met the release",
                                demand.cause()),
                Map.of(
                        "detectedAt",
                        demand.detectedAt().toString(),
                        "budget",
                        budget.toString(),
                        "cause",
                        demand.cause(),
                        "exposed",
                        demand.exposed()));
    }

    void page(String releaseKey) {
        Rollback rollback = store.get(releaseKey);
        String text = "60 %% of the rollback budget of %s is gone: %s".formatted(rollback.budget(), rollback.cause());
        timeline.record(releaseKey, "rollback.paged", Actors.PLATFORM, text, Map.of());
        mail(
                releaseKey,
                "escalation",
                Set.of(Role.ON_CALL.id(), Role.SRE.id()),
                "Rollback budget is running out",
                account(rollback),
                text);
    }

    void breach(String releaseKey) {
        store.breached(releaseKey);
        Rollback rollback = store.get(releaseKey);
        String text = "The rollback has exceeded its budget of %s: %s".formatted(rollback.budget(), rollback.cause());
        timeline.record(releaseKey, "rollback.budget-breached", Actors.PLATFORM, text, Map.of());
        mail(
                releaseKey,
                "escalation",
                Set.of(Role.HEAD_OF_OPERATIONS.id(), Role.OPERATIONS.id(), Role.RELEASE_MANAGER.id()),
                "Rollback budget exceeded",
                account(rollback),
                text);
    }

    /** At once, and to those who may take the task: their minutes are the budget's. */
    void summonHands(String releaseKey) {
        Rollback rollback = store.get(releaseKey);
        String text = "The platform could not roll back (%s). Roll back by hand; the budget of %s runs since %s"
                .formatted(rollback.failedRung(), rollback.budget(), rollback.detectedAt());
        timeline.record(releaseKey, "rollback.hands-summoned", Actors.PLATFORM, text, Map.of());
        String account = account(rollback, true);
        mail(
                releaseKey,
                "escalation",
                Set.of(Role.OPERATIONS.id(), Role.SRE.id(), Role.ON_CALL.id()),
                "Roll back by hand now",
                account,
                text);
        incident.handsSummoned(releaseKey);
    }

    void callForHands(String releaseKey) {
        Rollback rollback = store.get(releaseKey);
        String text = "The rollback needs a person: " + rollback.failedRung();
        timeline.record(releaseKey, "rollback.called-for-hands", Actors.PLATFORM, text, Map.of());
        mail(
                releaseKey,
                "escalation",
                Set.of(Role.OPERATIONS.id(), Role.HEAD_OF_OPERATIONS.id(), Role.EXECUTIVE.id()),
                "Rollback waits for a person",
                account(rollback),
                text);
    }

    void climbAgain(String releaseKey) {
        descents.of(releaseKey)
                .ifPresent(descent -> rungs.add(descent, "hands", Rung.DONE, "A person has rolled back by hand"));
        timeline.record(releaseKey, "rollback.resumed", Actors.PLATFORM, "The ladder is climbed again", Map.of());
    }

    void finish(String releaseKey) {
        store.finish(releaseKey);
        Rollback rollback = store.get(releaseKey);
        boolean kept = rollback.breachedAt() == null && rollback.took().compareTo(rollback.budget()) <= 0;
        timeline.record(
                releaseKey,
                "rollback.finished",
                Actors.PLATFORM,
                "Rolled back in %.1f s from detection to %s, budget %s %s"
                        .formatted(
                                rollback.took().toMillis() / 1000.0,
                                rollback.endedBy() == null
                                        ? "proof"
                                        : "its end by " + rollback.endedBy() + ", without a proof",
                                rollback.budget(),
                                kept ? "kept" : "exceeded"),
                Map.of(
                        "tookMs",
                        rollback.took().toMillis(),
                        "budget",
                        rollback.budget().toString(),
                        "kept",
                        kept));
        incident.over(releaseKey);
    }

    void openIncident(String releaseKey) {
        incident.begun(releaseKey);
    }

    private String account(Rollback rollback) {
        return account(rollback, releases.get(rollback.releaseKey()).state() == ReleaseState.ROLLBACK_FAILED);
    }

    private String account(Rollback rollback, boolean handsNeeded) {
        return RollbackAccount.of(rollback, store.rungsOf(rollback.releaseKey()), handsNeeded);
    }

    /** The account comes first: whether users are safe is what whoever is woken asks first. */
    private void mail(String releaseKey, String kind, Set<String> groups, String subject, String account, String text) {
        notices.mail(new Notice(
                releaseKey,
                kind,
                groups,
                Set.of(),
                subject + ": " + releaseKey,
                List.of(account, text),
                "/releases/" + releaseKey,
                null));
    }
}
