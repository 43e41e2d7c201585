package dev.countersign.rollout;

import dev.countersign.catalog.Catalog;
import dev.countersign.catalog.Service;
import dev.countersign.identity.Actors;
import dev.countersign.observe.SyntheticJourneys;
import dev.countersign.observe.SyntheticJourneys.Side;
import dev.countersign.observe.SyntheticJourneys.Walk;
import dev.countersign.release.Releases;
import dev.countersign.release.Timeline;
import dev.countersign.rollout.JourneyOutcome.Action;
import dev.countersign.rollout.Rollouts.Rollout;
import dev.countersign.workflow.Decisions;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Component;

/**
 * The journeys at the end of a phase: what users could do when a step began they can when it passes, and when the release becomes the stable version. Walked by whoever
 * reads the verdict and promotes, so that no process leads around them.
 */
@Component
class JourneyEnd {
    static final String OF_STEP = "end";
    static final String OF_STABILISATION = "promotion";

    private final SyntheticJourneys journeys;
    private final StoredJourneyWalks walks;
    private final Releases releases;
    private final Decisions decisions;
    private final Catalog catalog;
    private final Timeline timeline;
    private final Clock clock;

    JourneyEnd(
            SyntheticJourneys journeys,
            StoredJourneyWalks walks,
            Releases releases,
            Decisions decisions,
            Catalog catalog,
            Timeline timeline,
            Clock clock) {
        this.journeys = journeys;
        this.walks = walks;
        this.releases = releases;
        this.decisions = decisions;
        this.catalog = catalog;
        this.timeline = timeline;
        this.clock = clock;
    }

    /** Whether the release's service has any. The service stands in the key, so that nothing is read for those without. */
    boolean isOwed(String releaseKey) {
        return journeys.areDeclared(releaseKey.substring(0, releaseKey.lastIndexOf('@')));
    }

    /** What was seen, and when the last walk was over. */
    record Seen(List<Walk> walks, Instant at) {}

    /** Before anything is locked: whoever halts the rollout meanwhile does not wait for a journey. */
    Seen walk(String service) {
        return new Seen(journeys.walk(service, List.of(Side.CANARY, Side.STABLE)), clock.instant());
    }

    /** Keeps what was walked, under the rollout's lock. Empty where it leads on, or none was declared any more. */
    Optional<JourneyOutcome> against(Rollout rollout, String phase, Seen seen) {
        if (seen.walks().isEmpty()) {
            return Optional.empty();
        }
        walks.keep(rollout, phase, seen.walks());
        String target = catalog.service(rollout.service()).map(Service::target).orElse("production");
        JourneyOutcome outcome = JourneyOutcome.of(decisions, releases.get(rollout.releaseKey()), target, seen.walks());
        timeline.record(
                rollout.releaseKey(),
                "rollout.journeys-walked-again",
                Actors.PLATFORM,
                (phase.equals(OF_STEP) ? "End of step %d: ".formatted(rollout.step()) : "Before it becomes stable: ")
                        + outcome.told(seen.walks()),
                Map.of("step", rollout.step(), "action", outcome.action().id()));
        return outcome.action() == Action.CONTINUE ? Optional.empty() : Optional.of(outcome);
    }
}
