package dev.countersign.rollout;

import dev.countersign.identity.Actors;
import dev.countersign.observe.Observations;
import dev.countersign.release.Clearances;
import dev.countersign.release.StateConflict;
import dev.countersign.release.Timeline;
import dev.countersign.rollout.Rollouts.Rollout;
import dev.countersign.rollout.Rollouts.Status;
import dev.countersign.workflow.Messages;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * The one place that moves traffic. Every change holds the rollout's row, and forward only under a current clearance and in the current epoch. Back to stable
 * never needs one: it raises the epoch and sets the traffic itself before it tells the engine, so that no step in flight can land after it.
 */
@Component
public class TrafficControl {
    private static final Logger LOG = LoggerFactory.getLogger(TrafficControl.class);
    private static final double TOLERANCE = 0.005;
    private final RolloutStore store;
    private final Targets targets;
    private final Clearances clearances;
    private final Observations observations;
    private final TrafficRetry retry;
    private final Messages messages;
    private final Timeline timeline;
    private final Actors actors;
    private final Clock clock;

    TrafficControl(
            RolloutStore store,
            Targets targets,
            Clearances clearances,
            Observations observations,
            TrafficRetry retry,
            Messages messages,
            Timeline timeline,
            Actors actors,
            Clock clock) {
        this.store = store;
        this.targets = targets;
        this.clearances = clearances;
        this.observations = observations;
        this.retry = retry;
        this.messages = messages;
        this.timeline = timeline;
        this.actors = actors;
        this.clock = clock;
    }

    /** Gives the candidate the share of the current step. @throws StateConflict without a clearance, or when the rollout was stopped */
    @Transactional
    public void forward(String releaseKey) throws IOException {
        clearances.require(releaseKey);
        Rollout rollout = store.lock(releaseKey);
        if (rollout.status() != Status.RUNNING) {
            throw new StateConflict("%s is %s: traffic does not move forward".formatted(releaseKey, rollout.status()));
        }
        double share = rollout.plan().step(rollout.step()).share();
        double actual = setAndRead(rollout.service(), share);
        store.split(releaseKey, share, actual);
        timeline.record(
                releaseKey,
                "rollout.split-set",
                actors.current(),
                "Step %d: the candidate gets %.0f %% of the traffic; the router reports %.1f %%"
                        .formatted(rollout.step(), share * 100, actual * 100),
                Map.of("step", rollout.step(), "wanted", share, "actual", actual, "epoch", rollout.epoch()));
    }

    /** Takes the share to zero and waits for a person. */
    @Transactional
    public void halt(String releaseKey, String because) {
        Rollout rollout = store.lock(releaseKey);
        if (rollout.status() != Status.RUNNING && rollout.status() != Status.PAUSED) {
            throw new StateConflict("%s is %s: there is nothing to halt".formatted(releaseKey, rollout.status()));
        }
        stop(rollout, Status.HALTED, because);
        timeline.record(
                releaseKey,
                "rollout.halted",
                actors.current(),
                "Halted: " + because,
                Map.of("epoch", rollout.epoch() + 1));
        messages.send("rolloutHalted", releaseKey);
    }

    /** Takes the share to zero because the clearance is lost; the model leads back to it. */
    @Transactional
    void takeBack(String releaseKey, String because) {
        stop(store.lock(releaseKey), Status.HALTED, because);
        timeline.record(
                releaseKey, "rollout.taken-back", Actors.PLATFORM, "Traffic was taken back: " + because, Map.of());
    }

    /** The circuit breaker: traffic back at once, then the rollback. A second trip changes nothing. */
    @Transactional
    public void trip(String releaseKey, String by, String because, Instant detectedAt) {
        Rollout rollout = store.lock(releaseKey);
        if (rollout.trippedAt() != null) {
            return;
        }
        store.trip(releaseKey, detectedAt, by, because);
        store.endStep(
                RolloutSteps.observationOf(rollout), Actors.PLATFORM.equals(by) ? "FAIL" : "INCONCLUSIVE", because);
        stop(rollout, Status.BACK, because);
        timeline.record(
                releaseKey,
                "breaker.tripped",
                by,
                "Traffic was taken back: " + because,
                Map.of(
                        "detectedAt",
                        detectedAt.toString(),
                        "trafficBackAfterMs",
                        clock.millis() - detectedAt.toEpochMilli()));
        messages.send("rollbackDemanded", releaseKey);
    }

    /** Sets and proves zero share; for the rollback's first rung. Repeating it is harmless. */
    @Transactional
    public void toStable(String releaseKey) throws IOException {
        Rollout rollout = store.lock(releaseKey);
        if (!rollout.isBack()) {
            store.status(releaseKey, Status.BACK, "rolled back", rollout.epoch() + 1);
        }
        double actual = setAndRead(rollout.service(), 0);
        store.split(releaseKey, 0, actual);
        store.trafficIsBack(releaseKey);
    }

    private void stop(Rollout rollout, Status status, String because) {
        store.status(rollout.releaseKey(), status, because, rollout.epoch() + 1);
        store.wanted(rollout.releaseKey(), 0);
        observations.ofRelease(rollout.releaseKey()).stream()
                .filter(observation -> !observation.ended())
                .forEach(observation -> observations.end(observation.order().id()));
        try {
            store.split(rollout.releaseKey(), 0, setAndRead(rollout.service(), 0));
            if (status == Status.BACK) {
                store.trafficIsBack(rollout.releaseKey());
            }
        } catch (IOException | RuntimeException unreachable) {
            // The stop itself stands; traffic is tried again until the router answers, and the rollback's ladder tries
            // too.
            LOG.error("The router of {} does not take traffic back", rollout.service(), unreachable);
            timeline.record(
                    rollout.releaseKey(),
                    "rollout.router-failed",
                    Actors.PLATFORM,
                    "The router does not take traffic back: " + unreachable.getMessage(),
                    Map.of());
            retry.untilBack(rollout.releaseKey());
        }
    }

    private double setAndRead(String service, double share) throws IOException {
        TrafficRouter router = targets.routerOf(service);
        router.setShare(service, share);
        double actual = router.readShare(service);
        if (Math.abs(actual - share) > TOLERANCE) {
            throw new IOException("%s was told %.3f and reports %.3f".formatted(router.name(), share, actual));
        }
        return actual;
    }
}
