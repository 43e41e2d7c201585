package dev.countersign.rollout;

import dev.countersign.identity.Actors;
import dev.countersign.identity.NotEntitled;
import dev.countersign.identity.Role;
import dev.countersign.release.Clearances;
import dev.countersign.release.Release;
import dev.countersign.release.Releases;
import dev.countersign.release.StateConflict;
import dev.countersign.release.Timeline;
import dev.countersign.rollout.Rollouts.Rollout;
import dev.countersign.rollout.Rollouts.Status;
import java.io.IOException;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * A person turns the flag of a release at run time. Up needs the clearance that a rollout's step needs, and goes no further than the rollout has; down needs none, and
 * off is never refused to who may.
 */
@Component
class FlagChange {
    private static final double SAME = 0.0005;
    private final Releases releases;
    private final RolloutStore store;
    private final TrafficControl traffic;
    private final FlagExposure flags;
    private final Clearances clearances;
    private final Timeline timeline;
    private final Actors actors;
    private final Clock clock;

    FlagChange(
            Releases releases,
            RolloutStore store,
            TrafficControl traffic,
            FlagExposure flags,
            Clearances clearances,
            Timeline timeline,
            Actors actors,
            Clock clock) {
        this.releases = releases;
        this.store = store;
        this.traffic = traffic;
        this.flags = flags;
        this.clearances = clearances;
        this.timeline = timeline;
        this.actors = actors;
        this.clock = clock;
    }

    /**
     * @throws NotEntitled for whoever is no release manager, or upward wrote or requested the release; downward SREs may too
     * @throws StateConflict where the release has no flag, or neither its rollout nor its clearance bears out more
     * @throws IOException where the flag's system does not do it, or does not report it
     */
    @Transactional
    void to(String releaseKey, double share, String reason) throws IOException {
        actors.require(Role.RELEASE_MANAGER, Role.SRE);
        Optional<String> other = otherHolder(releases.get(releaseKey));
        if (other.isPresent()) {
            inHandsOf(other.get(), releaseKey, share, reason);
            return;
        }
        Release release = releases.lock(releaseKey);
        if (!release.isFlagged()) {
            throw new StateConflict(releaseKey + " names no flag: there is no exposure to change");
        }
        Rollout rollout = store.lockWhereThere(releaseKey).orElse(null);
        OptionalDouble now = share == 0 ? OptionalDouble.empty() : OptionalDouble.of(flags.read(release));
        boolean up = now.isPresent() && share > now.getAsDouble() + SAME;
        if (up) {
            requireRaisable(release, rollout, share);
        }
        if (rollout != null && isSettling(release, rollout)) {
            if (share == 0) {
                undo(rollout, reason);
                return;
            }
            requireEverybody(rollout, share);
        } else if (!up && rollout != null && isMoving(rollout)) {
            down(rollout, share, reason);
            return;
        }
        double actual = flags.set(release, share, actors.current(), reason);
        if (share > 0) {
            requireStillOwn(release);
        }
        timeline.record(
                releaseKey,
                "exposure.changed",
                actors.current(),
                "The flag %s is on for %.1f %% (before: %s): %s"
                        .formatted(
                                release.flag(),
                                actual * 100,
                                now.isPresent() ? "%.1f %%".formatted(now.getAsDouble() * 100) : "not asked",
                                reason),
                Map.of("flag", release.flag(), "wanted", share, "actual", actual));
    }

    /** Another release of the service whose rollout goes by the same flag: for whom it is on is that rollout's. */
    private Optional<String> otherHolder(Release release) {
        return release.isFlagged()
                ? store.holderOfFlag(release.service(), release.flag()).filter(holder -> !holder.equals(release.key()))
                : Optional.empty();
    }

    /** Off is never refused, and stops whoever exposes users by the flag; its row is held, and not that of the release that was named. */
    private void inHandsOf(String holder, String releaseKey, double share, String reason) throws IOException {
        if (share > 0) {
            throw new StateConflict(
                    "The flag of %s is in the hands of %s, whose rollout decides for whom it is on. 0 %% takes it back"
                            .formatted(releaseKey, holder));
        }
        to(holder, 0, "%s (asked for at %s)".formatted(reason, releaseKey));
    }

    /** A rollout that has taken the flag over since it was asked about sees it as it has set it: it sets it with its own row held, and so does this. */
    private void requireStillOwn(Release release) throws IOException {
        Optional<String> other = otherHolder(release);
        if (other.isPresent()) {
            double theirs = byFlag(store.lock(other.get()));
            flags.set(release, theirs, Actors.PLATFORM, "its flag was taken over by " + other.get());
            throw new StateConflict(
                    "%s has taken the flag of %s over meanwhile: it is on for %.1f %%, as its rollout says"
                            .formatted(other.get(), release.key(), theirs * 100));
        }
    }

    /** What a step is watched with is the plan's: less of it is no step of the plan, and nothing of it is a halt. */
    private void down(Rollout rollout, double share, String reason) {
        if (share > 0) {
            throw new StateConflict(
                    "%s is %s: its plan says for whom the flag is on. 0 %% takes everything back and halts the rollout"
                            .formatted(rollout.releaseKey(), rollout.status()));
        }
        traffic.halt(rollout.releaseKey(), reason);
    }

    /** Every step has passed, and it is not the stable version yet: nobody meets it any more, so there is nothing left that could become stable. */
    private void undo(Rollout rollout, String reason) {
        traffic.trip(rollout.releaseKey(), actors.current(), "The flag was switched off: " + reason, clock.instant());
    }

    private static void requireEverybody(Rollout rollout, double share) {
        if (share < 1 - SAME) {
            throw new StateConflict(
                    "%s is with all users, and its objectives are watched with all of them. 0 %% takes everything back and rolls it back"
                            .formatted(rollout.releaseKey()));
        }
    }

    private void requireRaisable(Release release, Rollout rollout, double share) {
        actors.require(Role.RELEASE_MANAGER);
        if (release.isAuthorOrRequester(actors.current())) {
            throw new NotEntitled(
                    "'%s' wrote or requested %s and does not expose it".formatted(actors.current(), release.key()));
        }
        double most = rollout == null ? 0 : reached(rollout);
        if (share > most + SAME) {
            throw new StateConflict("The rollout of %s %s: it bears out %.0f %%, not %.1f %%"
                    .formatted(
                            release.key(),
                            rollout == null ? "has not begun" : "is " + rollout.status(),
                            most * 100,
                            share * 100));
        }
        clearances.require(release.key());
    }

    /** The share up to which the rollout has come: all of them once every step has passed. */
    private static double reached(Rollout rollout) {
        if (rollout.status() == Status.COMPLETE) {
            return 1;
        }
        return rollout.status() == Status.RUNNING ? byFlag(rollout) : 0;
    }

    /** What is wanted may still be the traffic of the step before: no more than the step's own share. */
    private static double byFlag(Rollout rollout) {
        RolloutPlan.Step step = rollout.plan().step(rollout.step());
        return step.isByFlag() ? Math.min(rollout.wanted(), step.share()) : 0;
    }

    private static boolean isSettling(Release release, Rollout rollout) {
        return rollout.status() == Status.COMPLETE && release.state().isExposed();
    }

    private static boolean isMoving(Rollout rollout) {
        return rollout.status() == Status.RUNNING || rollout.status() == Status.PAUSED;
    }
}
