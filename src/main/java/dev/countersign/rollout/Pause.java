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
import java.util.Map;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Keeps the share and stops the clock; going on starts a full new window. */
@Component
class Pause {
    private final RolloutStore store;
    private final Observations observations;
    private final Clearances clearances;
    private final Releases releases;
    private final Timeline timeline;
    private final Actors actors;

    Pause(
            RolloutStore store,
            Observations observations,
            Clearances clearances,
            Releases releases,
            Timeline timeline,
            Actors actors) {
        this.store = store;
        this.observations = observations;
        this.clearances = clearances;
        this.releases = releases;
        this.timeline = timeline;
        this.actors = actors;
    }

    @Transactional
    void pause(String releaseKey, String reason) {
        Rollout rollout = store.lock(releaseKey);
        require(rollout, Status.RUNNING, "pause");
        store.status(releaseKey, Status.PAUSED, reason, rollout.epoch());
        observations.pause(RolloutSteps.observationOf(rollout));
        releases.enter(releaseKey, ReleaseState.HELD, reason);
        timeline.record(releaseKey, "rollout.paused", actors.current(), "Paused: " + reason, Map.of());
    }

    @Transactional
    void resume(String releaseKey, String reason) {
        Rollout rollout = store.lock(releaseKey);
        require(rollout, Status.PAUSED, "resume");
        clearances.require(releaseKey);
        store.status(releaseKey, Status.RUNNING, null, rollout.epoch());
        observations.resume(RolloutSteps.observationOf(rollout));
        releases.enter(releaseKey, ReleaseState.ROLLING_OUT, reason);
        timeline.record(
                releaseKey, "rollout.resumed", actors.current(), "Goes on with a full window: " + reason, Map.of());
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
