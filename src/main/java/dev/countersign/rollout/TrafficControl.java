package dev.countersign.rollout;

import dev.countersign.identity.Actors;
import dev.countersign.observe.Observations;
import dev.countersign.release.Clearances;
import dev.countersign.release.Release;
import dev.countersign.release.Releases;
import dev.countersign.release.StateConflict;
import dev.countersign.release.Timeline;
import dev.countersign.rollout.Rollouts.Rollout;
import dev.countersign.rollout.Rollouts.Status;
import dev.countersign.workflow.Messages;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * The one place that moves traffic, and in a rollout the flag. Every change holds the rollout's row, and forward only under a current clearance and in the current epoch. Back to stable
 * never needs one: it raises the epoch and sets the traffic itself before it tells the engine, so that no step in flight can land after it.
 */
@Component
public class TrafficControl {
    private static final Logger LOG = LoggerFactory.getLogger(TrafficControl.class);
    private static final double TOLERANCE = 0.005;
    private final RolloutStore store;
    private final StopDemands stops;
    private final Targets targets;
    private final FlagExposure flags;
    private final Releases releases;
    private final Clearances clearances;
    private final Observations observations;
    private final TrafficRetry retry;
    private final Messages messages;
    private final Timeline timeline;
    private final Actors actors;
    private final Clock clock;

    TrafficControl(
            RolloutStore store,
            StopDemands stops,
            Targets targets,
            FlagExposure flags,
            Releases releases,
            Clearances clearances,
            Observations observations,
            TrafficRetry retry,
            Messages messages,
            Timeline timeline,
            Actors actors,
            Clock clock) {
        this.store = store;
        this.stops = stops;
        this.targets = targets;
        this.flags = flags;
        this.releases = releases;
        this.clearances = clearances;
        this.observations = observations;
        this.retry = retry;
        this.messages = messages;
        this.timeline = timeline;
        this.actors = actors;
        this.clock = clock;
    }

    /** Gives the candidate nothing, before it is deployed: the target may remember a share from another time. */
    @Transactional
    void prepare(String releaseKey) throws IOException {
        Rollout rollout = running(releaseKey, "the candidate is not deployed");
        Release release = releases.get(releaseKey);
        if (release.isFlagged()) {
            flags.set(release, 0, Actors.PLATFORM, "before the candidate is deployed");
        }
        store.split(releaseKey, 0, setAndRead(rollout.service(), 0));
    }

    /**
     * Gives the candidate the share of the current step: of the traffic, or of those for whom the flag is on.
     *
     * @throws StateConflict without a clearance, or when the rollout was stopped, or somebody waits to stop it
     * @throws OtherArtifact when the target runs another candidate than the approved one
     */
    @Transactional
    public void forward(String releaseKey) throws IOException {
        Rollout rollout = running(releaseKey, "traffic does not move forward");
        requireApproved(rollout);
        requireNoStop(releaseKey);
        RolloutPlan.Step step = rollout.plan().step(rollout.step());
        Release release = releases.get(releaseKey);
        double actual = step.isByFlag() ? ramp(rollout, release, step) : split(rollout, release, step);
        store.split(releaseKey, step.share(), actual);
        timeline.record(
                releaseKey,
                step.isByFlag() ? "rollout.flag-set" : "rollout.split-set",
                actors.current(),
                (step.isByFlag()
                                ? "Step %d: the flag is on for %.0f %% of its users; its system reports %.1f %%"
                                : "Step %d: the candidate gets %.0f %% of the traffic; the router reports %.1f %%")
                        .formatted(rollout.step(), step.share() * 100, actual * 100),
                Map.of("step", rollout.step(), "wanted", step.share(), "actual", actual, "epoch", rollout.epoch()));
    }

    /** While traffic moves to a version that a flag exposes later, the flag is off: users meet its code, and nothing that is new to them. */
    private double split(Rollout rollout, Release release, RolloutPlan.Step step) throws IOException {
        if (release.isFlagged()) {
            flags.set(release, 0, Actors.PLATFORM, "traffic moves with the flag off");
            requireNoStop(release.key());
        }
        return setAndRead(rollout.service(), step.share());
    }

    /** A flag that goes on after a halt stands on the traffic that its step stood on before. */
    private double ramp(Rollout rollout, Release release, RolloutPlan.Step step) throws IOException {
        Optional<Double> share = rollout.plan().trafficAt(step.number());
        if (share.isPresent()) {
            setAndRead(rollout.service(), share.get());
            requireNoStop(release.key());
        }
        return flags.set(release, step.share(), actors.current(), "step %d of the rollout".formatted(step.number()));
    }

    /** A target that answers late does not put off what somebody wants to stop until after the next share. */
    private void requireNoStop(String releaseKey) {
        if (stops.isDemanded(releaseKey)) {
            throw new StateConflict("%s is being stopped: traffic does not move forward".formatted(releaseKey));
        }
    }

    /** Says first that it waits, and then waits for whoever moves traffic. */
    private Optional<Rollout> lockToStop(String releaseKey) {
        boolean told = stops.demand(releaseKey);
        Optional<Rollout> rollout = store.lockWhereThere(releaseKey);
        if (told) {
            stops.met(releaseKey);
        }
        return rollout;
    }

    private Rollout running(String releaseKey, String otherwise) {
        Optional<Rollout> rollout = store.lockWhereThere(releaseKey);
        // Said first: what was stopped has lost its clearance too, and the model asks a person about it.
        rollout.filter(stopped -> stopped.status() != Status.RUNNING).ifPresent(stopped -> {
            throw new StateConflict("%s is %s: %s".formatted(releaseKey, stopped.status(), otherwise));
        });
        clearances.require(releaseKey);
        return rollout.orElseThrow(() -> RolloutStore.noRollout(releaseKey));
    }

    /** What was read once may have been replaced since. */
    private void requireApproved(Rollout rollout) throws IOException {
        String running = targets.deployerOf(rollout.service())
                .candidateDigest(rollout.service())
                .orElseThrow(() -> new IOException("The target of " + rollout.service() + " reports no candidate"));
        if (!running.equals(rollout.candidate())) {
            throw new OtherArtifact("The target of %s runs %s, approved was %s: traffic does not move forward"
                    .formatted(rollout.service(), running, rollout.candidate()));
        }
    }

    /** Takes the share to zero and waits for a person. */
    @Transactional
    public void halt(String releaseKey, String because) {
        Rollout rollout = lockToStop(releaseKey)
                .orElseThrow(() -> new StateConflict(
                        "Nothing of %s is deployed: there is nothing to halt. To keep it from beginning, withdraw it or roll it back"
                                .formatted(releaseKey)));
        if (!rollout.isMoving()) {
            throw new StateConflict(
                    rollout.status() == Status.COMPLETE
                            ? "All users are on %s and no step is left to halt: a rollback takes them back (POST /api/releases/{key}/rollback)"
                                    .formatted(releaseKey)
                            : "%s is %s: there is nothing to halt".formatted(releaseKey, rollout.status()));
        }
        boolean back = stop(rollout, Status.HALTED, because);
        timeline.record(
                releaseKey,
                "rollout.halted",
                actors.current(),
                (back ? "Halted: " : "Halted, and traffic is not proven to be back: ") + because,
                Map.of("epoch", rollout.epoch() + 1));
        messages.send("rolloutHalted", releaseKey);
    }

    /** Takes the share to zero because the rollout cannot go on by itself: while a person decides nobody stays on a candidate that is not watched. */
    @Transactional
    void hold(String releaseKey, String because) {
        Rollout rollout = store.lock(releaseKey);
        if (!rollout.isMoving()) {
            return;
        }
        boolean back = stop(rollout, Status.HALTED, because);
        timeline.record(
                releaseKey,
                "rollout.held",
                Actors.PLATFORM,
                said(back) + " until a person decides: " + because,
                Map.of("epoch", rollout.epoch() + 1));
    }

    /** Takes the share to zero because the clearance is lost; the model leads back to it. */
    @Transactional
    void takeBack(String releaseKey, String because) {
        Rollout rollout = lockToStop(releaseKey).orElseThrow(() -> RolloutStore.noRollout(releaseKey));
        if (rollout.isBack()) {
            return;
        }
        boolean back = stop(rollout, Status.HALTED, because);
        timeline.record(releaseKey, "rollout.taken-back", Actors.PLATFORM, said(back) + ": " + because, Map.of());
    }

    /** The circuit breaker: traffic back at once, then the rollback. A second trip changes nothing. */
    @Transactional
    public void trip(String releaseKey, String by, String because, Instant detectedAt) {
        Rollout rollout = lockToStop(releaseKey).orElseThrow(() -> RolloutStore.noRollout(releaseKey));
        if (rollout.trippedAt() != null) {
            return;
        }
        store.trip(releaseKey, detectedAt, by, because);
        store.endSteps(releaseKey, Actors.PLATFORM.equals(by) ? "FAIL" : "INCONCLUSIVE", because);
        boolean back = stop(rollout, Status.BACK, because);
        Map<String, Object> facts = new TreeMap<>(Map.of("detectedAt", detectedAt.toString()));
        if (back) {
            facts.put("trafficBackAfterMs", clock.millis() - detectedAt.toEpochMilli());
        }
        timeline.record(releaseKey, "breaker.tripped", by, said(back) + ": " + because, facts);
        messages.send("rollbackDemanded", releaseKey);
    }

    /** Sets and proves zero share; for the rollback's first rung. Repeating it is harmless. */
    @Transactional
    public void toStable(String releaseKey) throws IOException {
        Rollout rollout = store.lock(releaseKey);
        if (!rollout.isBack()) {
            end(rollout, Status.BACK, "rolled back");
        }
        try {
            proveZero(rollout, Status.BACK);
        } catch (FlagStays stays) {
            if (rollout.plan().isByFlagAlone()) {
                throw stays;
            }
            // Nobody meets the candidate any more, whatever the flag says.
            flagFailed(rollout, stays);
        }
    }

    /** Before the flag is switched off, so that no step in flight turns it on again: stands whatever becomes of the flag. Repeating it is harmless. */
    @Transactional
    void endForFlag(String releaseKey) {
        store.lockWhereThere(releaseKey)
                .filter(rollout -> !rollout.isBack())
                .ifPresent(rollout -> end(rollout, Status.BACK, "its flag was switched off"));
    }

    /** Switches the flag off and proves it. Repeating it is harmless. */
    @Transactional
    void switchFlagOff(String releaseKey) throws IOException {
        Release release = releases.lock(releaseKey);
        double actual = flags.set(release, 0, actors.current(), "switched off");
        timeline.record(
                releaseKey,
                "rollout.flag-off",
                actors.current(),
                "The flag %s is off; %s reports %.1f %%"
                        .formatted(release.flag(), flags.systemOf(release).name(), actual * 100),
                Map.of("flag", release.flag(), "actual", actual));
    }

    /** For the retry: takes back what a router did not take back, unless somebody has gone on since. */
    @Transactional
    void takeBackAgain(String releaseKey) throws IOException {
        Rollout rollout = store.lock(releaseKey);
        boolean stopped = rollout.status() == Status.HALTED || rollout.isBack();
        if (stopped && store.holdsSlot(releaseKey)) {
            proveZero(rollout, rollout.status());
        }
    }

    private static String said(boolean back) {
        return back ? "Traffic was taken back" : "The candidate was stopped, its traffic is not proven to be back";
    }

    /** @return whether traffic is proven to be back */
    private boolean stop(Rollout rollout, Status status, String because) {
        end(rollout, status, because);
        try {
            proveZero(rollout, status);
            return true;
        } catch (FlagStays stays) {
            flagFailed(rollout, stays);
            return !rollout.plan().isByFlagAlone();
        } catch (IOException | RuntimeException unreachable) {
            // The stop itself stands; traffic is tried again until the router answers, and the rollback's ladder tries
            // too.
            LOG.error("The router of {} does not take traffic back", rollout.service(), unreachable);
            store.unconfirmed(rollout.releaseKey());
            timeline.record(
                    rollout.releaseKey(),
                    "rollout.router-failed",
                    Actors.PLATFORM,
                    "The router does not take traffic back: " + unreachable.getMessage(),
                    Map.of());
            retry.untilBack(rollout.releaseKey(), rollout.epoch() + 1);
            return false;
        }
    }

    private void flagFailed(Rollout rollout, FlagStays stays) {
        LOG.error("The flag of {} is not proven to be off", rollout.releaseKey(), stays);
        timeline.record(rollout.releaseKey(), "rollout.flag-failed", Actors.PLATFORM, stays.getMessage(), Map.of());
        retry.untilBack(rollout.releaseKey(), rollout.epoch() + 1);
    }

    /** Whatever takes traffic back ends the clearance too: nothing else may be deployed under it meanwhile. */
    private void end(Rollout rollout, Status status, String because) {
        store.status(rollout.releaseKey(), status, because, rollout.epoch() + 1);
        store.wanted(rollout.releaseKey(), 0);
        // What is watched ends here: a verdict that comes later is about something else.
        store.endSteps(rollout.releaseKey(), "INCONCLUSIVE", "Stopped: " + because);
        clearances.revoke(rollout.releaseKey(), "traffic was taken back: " + because);
        observations.ofRelease(rollout.releaseKey()).stream()
                .filter(observation -> !observation.ended())
                .forEach(observation -> observations.end(observation.order().id()));
    }

    private void proveZero(Rollout rollout, Status status) throws IOException {
        Exception stays = setZero(rollout);
        if (status == Status.BACK && (stays == null || !rollout.plan().isByFlagAlone())) {
            store.trafficIsBack(rollout.releaseKey());
        }
        if (stays != null) {
            if (rollout.plan().isByFlagAlone()) {
                store.unconfirmed(rollout.releaseKey());
            }
            throw new FlagStays(stays);
        }
        reservation(rollout.service())
                .ifPresent(said -> timeline.record(
                        rollout.releaseKey(),
                        "rollout.router-reservation",
                        Actors.PLATFORM,
                        "Traffic is back; the router says besides: " + said,
                        Map.of()));
    }

    /**
     * Users leave the candidate by the router first, which is quick and proven; only where nothing but the flag exposes it the flag goes first.
     *
     * @return why the flag is not off; null where it is, or none exposes the release
     */
    private Exception setZero(Rollout rollout) throws IOException {
        if (rollout.plan().isByFlagAlone()) {
            Exception stays = flagOff(rollout);
            store.split(rollout.releaseKey(), 0, setAndRead(rollout.service(), 0));
            return stays;
        }
        try {
            store.split(rollout.releaseKey(), 0, setAndRead(rollout.service(), 0));
        } catch (IOException | RuntimeException stuck) {
            flagOff(rollout);
            throw stuck;
        }
        return flagOff(rollout);
    }

    /** A flag that cannot be switched off does not keep traffic where it is. */
    private Exception flagOff(Rollout rollout) {
        Release release = releases.get(rollout.releaseKey());
        if (!release.isFlagged()) {
            return null;
        }
        try {
            flags.set(release, 0, Actors.PLATFORM, "traffic was taken back");
            return null;
        } catch (IOException | RuntimeException stays) {
            return stays;
        }
    }

    /** Told, but the way back does not wait for it. */
    private Optional<String> reservation(String service) {
        try {
            return targets.routerOf(service).reservation(service);
        } catch (IOException | RuntimeException silent) {
            LOG.warn("The router of {} took traffic back and says no more", service, silent);
            return Optional.empty();
        }
    }

    /** Whatever a router's client throws is a failure of the router: unchecked, it would take the caller's transaction with it, and with that the next rung. */
    private double setAndRead(String service, double share) throws IOException {
        try {
            return setAndReadBack(service, share);
        } catch (RuntimeException unexpected) {
            throw new IOException(
                    "The router of %s failed: %s".formatted(service, unexpected.getMessage()), unexpected);
        }
    }

    private double setAndReadBack(String service, double share) throws IOException {
        TrafficRouter router = targets.routerOf(service);
        router.setShare(service, share);
        double actual = router.readShare(service);
        // Nobody is nobody: what is left of a share is no zero.
        if (!(share == 0 ? actual == 0 : Math.abs(actual - share) <= TOLERANCE)) {
            throw new IOException("%s was told %.3f and reports %.4f".formatted(router.name(), share, actual));
        }
        return actual;
    }
}
