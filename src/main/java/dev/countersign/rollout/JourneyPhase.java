package dev.countersign.rollout;

import dev.countersign.catalog.Catalog;
import dev.countersign.catalog.Service;
import dev.countersign.identity.Actors;
import dev.countersign.observe.SyntheticJourneys;
import dev.countersign.observe.SyntheticJourneys.Side;
import dev.countersign.observe.SyntheticJourneys.Walk;
import dev.countersign.release.Release;
import dev.countersign.release.Releases;
import dev.countersign.release.Timeline;
import dev.countersign.rollout.JourneyOutcome.Action;
import dev.countersign.rollout.Rollouts.Rollout;
import dev.countersign.rollout.Rollouts.Status;
import dev.countersign.workflow.Decisions;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** The journeys of a step, on canary and stable version, once its share is set. */
@Component
class JourneyPhase {
    private final Releases releases;
    private final RolloutStore store;
    private final StoredJourneyWalks walks;
    private final SyntheticJourneys journeys;
    private final TrafficControl traffic;
    private final Decisions decisions;
    private final Catalog catalog;
    private final Timeline timeline;
    private final Clock clock;

    JourneyPhase(
            Releases releases,
            RolloutStore store,
            StoredJourneyWalks walks,
            SyntheticJourneys journeys,
            TrafficControl traffic,
            Decisions decisions,
            Catalog catalog,
            Timeline timeline,
            Clock clock) {
        this.releases = releases;
        this.store = store;
        this.walks = walks;
        this.journeys = journeys;
        this.traffic = traffic;
        this.decisions = decisions;
        this.catalog = catalog;
        this.timeline = timeline;
        this.clock = clock;
    }

    /** Walks first and locks afterwards: whoever halts the rollout meanwhile does not wait for a journey. */
    @Transactional
    Action run(String releaseKey) {
        Release release = releases.get(releaseKey);
        List<Walk> walked = journeys.walk(release.service(), List.of(Side.CANARY, Side.STABLE));
        Instant detected = clock.instant();
        if (walked.isEmpty()) {
            return Action.CONTINUE; // taken out of the catalog a moment ago
        }
        Rollout rollout = store.lock(releaseKey);
        walks.keep(rollout, StoredJourneyWalks.STEP, walked);
        String target = catalog.service(release.service()).map(Service::target).orElse("production");
        JourneyOutcome outcome = JourneyOutcome.of(decisions, release, target, walked);
        timeline.record(
                releaseKey,
                "rollout.journeys-walked",
                Actors.PLATFORM,
                "Step %d: %s".formatted(rollout.step(), outcome.told(walked)),
                Map.of("step", rollout.step(), "action", outcome.action().id()));
        if (rollout.status() != Status.RUNNING && rollout.status() != Status.PAUSED) {
            return Action.HOLD; // somebody stopped it meanwhile, and the model leads to a person
        }
        if (outcome.action() == Action.ROLLBACK) {
            traffic.trip(releaseKey, Actors.PLATFORM, outcome.because(), detected);
        } else if (outcome.action() == Action.HOLD) {
            traffic.hold(releaseKey, outcome.because());
        }
        return outcome.action();
    }
}
