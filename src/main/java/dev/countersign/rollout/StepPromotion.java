package dev.countersign.rollout;

import dev.countersign.identity.Actors;
import dev.countersign.identity.NotEntitled;
import dev.countersign.identity.Role;
import dev.countersign.observe.Observations;
import dev.countersign.observe.Observations.Judgement;
import dev.countersign.observe.Observations.Observation;
import dev.countersign.observe.Observations.Order;
import dev.countersign.release.Releases;
import dev.countersign.release.StateConflict;
import dev.countersign.release.Timeline;
import dev.countersign.rollout.Rollouts.Rollout;
import dev.countersign.rollout.Rollouts.Status;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * A person leads on from a step that passed, where the plan says so. The candidate keeps its share meanwhile and goes on being watched, with the breaker armed; the
 * pass counts only as long as what is measured since bears it out.
 */
@Component
class StepPromotion {
    /** A busy machine may miss a look or two. */
    private static final Duration SILENCE = Duration.ofMinutes(1);

    /** A watch that can fail and does not pass; the model's timer ends it long before. */
    private static final Duration UNTIL_DECIDED = Duration.ofDays(2);

    /** What the judge names where it has seen too few of them. */
    private static final String TOO_FEW = "requests";

    private static final Set<String> UNKNOWN_OR_WORSE = Set.of("FAIL", "ERROR", "NO_DATA");

    private final JdbcClient jdbc;
    private final RolloutStore store;
    private final Releases releases;
    private final Observations observations;
    private final TrafficControl traffic;
    private final Timeline timeline;
    private final Actors actors;
    private final Clock clock;

    StepPromotion(
            JdbcClient jdbc,
            RolloutStore store,
            Releases releases,
            Observations observations,
            TrafficControl traffic,
            Timeline timeline,
            Actors actors,
            Clock clock) {
        this.jdbc = jdbc;
        this.store = store;
        this.releases = releases;
        this.observations = observations;
        this.traffic = traffic;
        this.timeline = timeline;
        this.actors = actors;
        this.clock = clock;
    }

    /** The current step has passed and waits for a person. */
    boolean isAwaited(Rollout rollout) {
        boolean moving = rollout.status() == Status.RUNNING || rollout.status() == Status.PAUSED;
        return moving
                && rollout.plan().step(rollout.step()).isPromotedByPerson()
                && store.hasPassed(RolloutSteps.observationOf(rollout));
    }

    /** A person has promoted the current step, and it is about to go on. */
    boolean isPromoted(Rollout rollout) {
        return promoter(rollout).isPresent();
    }

    /** Keeps watching from the moment of the pass on. */
    void await(Rollout rollout) {
        RolloutPlan.Step step = rollout.plan().step(rollout.step());
        observations.begin(new Order(
                watchOf(rollout),
                rollout.releaseKey(),
                rollout.service(),
                Stabilisation.HELD,
                rollout.candidate(),
                rollout.baseline(),
                step.share(),
                // As long as the step's own: latencies are compared once in each.
                step.window(),
                UNTIL_DECIDED,
                rollout.plan().triggers()));
        timeline.record(
                rollout.releaseKey(),
                "rollout.promotion-awaited",
                Actors.PLATFORM,
                "Step %d passed. The plan says that a person promotes it; the share stays at %.0f %% and is watched"
                        .formatted(step.number(), step.share() * 100),
                Map.of("step", step.number()));
    }

    /**
     * A person promotes the step, or wants traffic back until it is decided how to go on.
     *
     * @throws NotEntitled for whoever is no release manager and not of operations, or wrote or requested the release
     * @throws StateConflict where the step does not wait, or its pass is not borne out any more
     */
    @Transactional
    void decide(String releaseKey, boolean promotes, String reason) {
        Rollout rollout = store.lock(releaseKey);
        String person = actors.current();
        actors.require(Role.RELEASE_MANAGER, Role.OPERATIONS);
        if (releases.get(releaseKey).isAuthorOrRequester(person)) {
            throw new NotEntitled(
                    "'%s' wrote or requested %s and does not decide on its promotion".formatted(person, releaseKey));
        }
        if (!promotes) {
            return;
        }
        inTheWay(rollout).ifPresent(why -> {
            throw new StateConflict("Step %d of %s is not promoted: %s".formatted(rollout.step(), releaseKey, why));
        });
        jdbc.sql(
                        "insert into rollout_step_promotion (observation, release_key, person, reason, promoted_at) values (?, ?, ?, ?, ?)")
                .params(
                        RolloutSteps.observationOf(rollout),
                        releaseKey,
                        person,
                        reason,
                        clock.instant().atOffset(ZoneOffset.UTC))
                .update();
    }

    /** Leads on where a person promoted the step and its pass still holds; takes traffic back otherwise, after silence too. */
    @Transactional
    boolean settle(String releaseKey) {
        Rollout rollout = store.lock(releaseKey);
        Optional<String> obstacle = promoter(rollout).isEmpty()
                ? Optional.of("step %d passed and nobody promoted it".formatted(rollout.step()))
                : inTheWay(rollout);
        observations.end(watchOf(rollout));
        if (obstacle.isPresent()) {
            traffic.hold(releaseKey, obstacle.get());
            return false;
        }
        store.advance(rollout);
        return true;
    }

    /** What was measured since the step passed, in words. */
    String measuredSince(Rollout rollout) {
        return observations
                .find(watchOf(rollout))
                .map(Observation::latest)
                .map(Judgement::sentence)
                .orElse("nothing yet");
    }

    private Optional<String> promoter(Rollout rollout) {
        return jdbc.sql("select person from rollout_step_promotion where observation = ?")
                .param(RolloutSteps.observationOf(rollout))
                .query(String.class)
                .optional();
    }

    private Optional<String> inTheWay(Rollout rollout) {
        if (rollout.status() != Status.RUNNING) {
            return Optional.of("the rollout is " + rollout.status());
        }
        if (!isAwaited(rollout)) {
            return Optional.of("it has not passed");
        }
        return observations
                .find(watchOf(rollout))
                .map(watch -> stale(watch, rollout).map(why -> "its pass is out of date, " + why))
                .orElse(Optional.of("nobody has watched it since it passed"));
    }

    /** A breach restarts the window, here as before the pass; what is not known does not promote. */
    private Optional<String> stale(Observation watch, Rollout rollout) {
        Judgement latest = watch.latest();
        if (latest != null && UNKNOWN_OR_WORSE.contains(latest.verdict())) {
            return Optional.of("it is %s since: %s".formatted(latest.verdict(), latest.sentence()));
        }
        Instant now = clock.instant();
        Duration window = rollout.plan().triggers().errorWindow();
        Duration patience = window.compareTo(SILENCE) > 0 ? window : SILENCE;
        if (latest != null && latest.at().isBefore(now.minus(patience))) {
            // Whoever watched has stopped: what was well then says nothing of now.
            return Optional.of("it was measured last at %s, more than %s ago".formatted(latest.at(), patience));
        }
        Instant unbroken = watch.unbrokenSince();
        if (unbroken == null) {
            // Before a trigger window is full there are too few requests to say more than that it passed just now.
            boolean young =
                    now.isBefore(watch.since().plus(window)) && (latest == null || TOO_FEW.equals(latest.metric()));
            return young
                    ? Optional.empty()
                    : Optional.of(latest == null ? "nothing was measured since" : latest.sentence());
        }
        Duration whole = rollout.plan().step(rollout.step()).window();
        return unbroken.isAfter(watch.since()) && now.isBefore(unbroken.plus(whole))
                ? Optional.of("a breach or a hole at %s restarted the window of %s".formatted(unbroken, whole))
                : Optional.empty();
    }

    private static String watchOf(Rollout rollout) {
        return "%s/promotion-%d#%d".formatted(rollout.releaseKey(), rollout.step(), rollout.epoch());
    }
}
