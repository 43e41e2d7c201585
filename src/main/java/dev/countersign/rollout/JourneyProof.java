package dev.countersign.rollout;

import dev.countersign.catalog.Catalog;
import dev.countersign.catalog.Service;
import dev.countersign.observe.SyntheticJourneys;
import dev.countersign.observe.SyntheticJourneys.Side;
import dev.countersign.observe.SyntheticJourneys.Walk;
import dev.countersign.release.Releases;
import dev.countersign.rollout.JourneyOutcome.Action;
import dev.countersign.rollout.Rollouts.Rollout;
import dev.countersign.workflow.Decisions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.stereotype.Component;

/**
 * The second lock on journeys: that a step's journeys were walked is not taken from where a process stands. A model whose condition leads around them, and a token that was
 * put behind them, pass no step of a service that declares any.
 */
@Component
class JourneyProof {
    private final SyntheticJourneys journeys;
    private final StoredJourneyWalks walks;
    private final RolloutStore store;
    private final Releases releases;
    private final Decisions decisions;
    private final Catalog catalog;

    JourneyProof(
            SyntheticJourneys journeys,
            StoredJourneyWalks walks,
            RolloutStore store,
            Releases releases,
            Decisions decisions,
            Catalog catalog) {
        this.journeys = journeys;
        this.walks = walks;
        this.store = store;
        this.releases = releases;
        this.decisions = decisions;
        this.catalog = catalog;
    }

    /** The step is watched anew in another epoch, at the share at which its journeys were walked. */
    void carry(Rollout rollout, int epoch) {
        if (!journeys.declared(rollout.service()).isEmpty()) {
            walks.carry(rollout, epoch);
        }
    }

    /** Why what is stored of the current step's journeys does not bear it out; empty where it does, or the service declares none. */
    Optional<String> missing(Rollout rollout) {
        List<String> declared = journeys.declared(rollout.service());
        if (declared.isEmpty()) {
            return Optional.empty();
        }
        List<Walk> walked = walks.ofStep(rollout);
        List<String> left = declared.stream()
                .filter(journey -> !has(walked, journey, Side.CANARY) || !has(walked, journey, Side.STABLE))
                .toList();
        Set<String> since = left.isEmpty() ? Set.of() : newSince(rollout);
        Optional<String> owed =
                left.stream().filter(journey -> !since.contains(journey)).findFirst();
        if (owed.isPresent()) {
            return Optional.of("Journey %s of %s was not walked in step %d as it stands"
                    .formatted(owed.get(), rollout.service(), rollout.step()));
        }
        if (since.containsAll(declared)) {
            return Optional.empty();
        }
        String target = catalog.service(rollout.service()).map(Service::target).orElse("production");
        JourneyOutcome outcome = JourneyOutcome.of(
                decisions,
                releases.get(rollout.releaseKey()),
                target,
                walked.stream()
                        .filter(walk -> declared.contains(walk.journey()))
                        .toList());
        return outcome.action() == Action.CONTINUE ? Optional.empty() : Optional.of(outcome.because());
    }

    /** What came in force while the step was watched already: it owes them with the next one. */
    private Set<String> newSince(Rollout rollout) {
        String observation = RolloutSteps.observationOf(rollout);
        return store.stepsOf(rollout.releaseKey()).stream()
                .filter(step -> step.observation().equals(observation))
                .findFirst()
                .map(step -> catalog.journeysNewSince(rollout.service(), step.startedAt()))
                .orElse(Set.of());
    }

    private static boolean has(List<Walk> walked, String journey, Side side) {
        return walked.stream().anyMatch(walk -> walk.journey().equals(journey) && walk.side() == side);
    }
}
