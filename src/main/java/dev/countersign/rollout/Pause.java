package dev.countersign.rollout;

import dev.countersign.identity.Actors;
import dev.countersign.observe.Observations;
import dev.countersign.release.Clearances;
import dev.countersign.release.ReleaseState;
import dev.countersign.release.Releases;
import dev.countersign.release.StateConflict;
import dev.countersign.release.Timeline;
import dev.countersign.rollout.Rollouts.Rollout;
import dev.countersign.rollout.Rollouts.Status;
import dev.countersign.workflow.Messages;
import dev.countersign.workflow.Processes;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Keeps the share and stops the clock; going on starts a full new window. Whoever waits for the step's verdict is told, and takes the end of the wait from the clock anew. */
@Component
class Pause {
    private final RolloutStore store;
    private final StepPromotion promotion;
    private final Observations observations;
    private final Messages messages;
    private final Processes processes;
    private final Clearances clearances;
    private final Releases releases;
    private final Timeline timeline;
    private final Actors actors;
    private final Clock clock;

    Pause(
            RolloutStore store,
            StepPromotion promotion,
            Observations observations,
            Messages messages,
            Processes processes,
            Clearances clearances,
            Releases releases,
            Timeline timeline,
            Actors actors,
            Clock clock) {
        this.store = store;
        this.promotion = promotion;
        this.observations = observations;
        this.messages = messages;
        this.processes = processes;
        this.clearances = clearances;
        this.releases = releases;
        this.timeline = timeline;
        this.actors = actors;
        this.clock = clock;
    }

    @Transactional
    void pause(String releaseKey, String reason) {
        Rollout rollout = store.lock(releaseKey);
        require(rollout, Status.RUNNING, "pause");
        requireStanding(rollout);
        if (!waitsOn(releaseKey)) {
            throw new StateConflict(
                    "%s began with a model that cannot wait for the end of a pause: it is halted at any time (POST /api/releases/{key}/rollout/halt)"
                            .formatted(releaseKey));
        }
        Instant until = clock.instant().plus(StepClock.LONGEST_PAUSE).truncatedTo(ChronoUnit.SECONDS);
        store.status(releaseKey, Status.PAUSED, "until %s at the latest: %s".formatted(until, reason), rollout.epoch());
        observations.pause(RolloutSteps.observationOf(rollout));
        store.pauseStep(RolloutSteps.observationOf(rollout));
        releases.enter(releaseKey, ReleaseState.HELD, reason);
        timeline.record(
                releaseKey,
                "rollout.paused",
                actors.current(),
                "Paused until %s at the latest, then traffic goes back and a person decides: %s"
                        .formatted(until, reason),
                Map.of("until", until.toString()));
        messages.send("stepJudged", releaseKey);
    }

    @Transactional
    void resume(String releaseKey, String reason) {
        Rollout rollout = store.lock(releaseKey);
        require(rollout, Status.PAUSED, "resume");
        clearances.require(releaseKey);
        store.status(releaseKey, Status.RUNNING, null, rollout.epoch());
        observations.resume(RolloutSteps.observationOf(rollout));
        store.resumeStep(RolloutSteps.observationOf(rollout));
        releases.enter(releaseKey, ReleaseState.ROLLING_OUT, reason);
        timeline.record(
                releaseKey, "rollout.resumed", actors.current(), "Goes on with a full window: " + reason, Map.of());
        if (waitsOn(releaseKey)) {
            messages.send("stepJudged", releaseKey);
        }
    }

    /** Whoever is woken without a verdict waits on, since the model has a flow for it. */
    private boolean waitsOn(String releaseKey) {
        return processes.knows(releases.get(releaseKey).policy(), RolloutDelegates.MODEL, RolloutDelegates.WAITS_ON);
    }

    /** Between two steps there is no share to keep: the one is over, and nobody watches the other yet. */
    private void requireStanding(Rollout rollout) {
        boolean given = rollout.wanted() == rollout.plan().step(rollout.step()).share();
        if (!given || promotion.isPromoted(rollout)) {
            throw new StateConflict(
                    "%s is on its way to the share of its next step: it is paused there in a moment, and halted at any time"
                            .formatted(rollout.releaseKey()));
        }
    }

    private static void require(Rollout rollout, Status status, String act) {
        if (rollout.status() != status) {
            throw new StateConflict(
                    rollout.status() == Status.COMPLETE
                            ? "Every user is on %s, and no step is left to %s: while it stabilises a halt keeps it from becoming the stable version (POST /api/releases/{key}/rollout/halt)"
                                    .formatted(rollout.releaseKey(), act)
                            : "%s is %s: there is nothing to %s"
                                    .formatted(rollout.releaseKey(), rollout.status(), act));
        }
    }
}
