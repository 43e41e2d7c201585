package dev.countersign.rollout;

import dev.countersign.identity.Actors;
import dev.countersign.identity.NotEntitled;
import dev.countersign.observe.Observations;
import dev.countersign.observe.Observations.Observation;
import dev.countersign.release.Release;
import dev.countersign.release.Releases;
import dev.countersign.release.StateConflict;
import dev.countersign.release.Timeline;
import dev.countersign.rollout.Rollouts.Rollout;
import dev.countersign.rollout.Rollouts.Status;
import dev.countersign.workflow.Messages;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Promotion before the window is complete: a waiver that names the verdict, by two persons, never over a failed one. */
@Component
class EarlyPromotion {
    private final JdbcClient jdbc;
    private final RolloutStore store;
    private final StepPromotion stepPromotion;
    private final Releases releases;
    private final ShareArrival arrival;
    private final Observations observations;
    private final Messages messages;
    private final Timeline timeline;
    private final Actors actors;
    private final Clock clock;

    EarlyPromotion(
            JdbcClient jdbc,
            RolloutStore store,
            StepPromotion stepPromotion,
            Releases releases,
            ShareArrival arrival,
            Observations observations,
            Messages messages,
            Timeline timeline,
            Actors actors,
            Clock clock) {
        this.jdbc = jdbc;
        this.store = store;
        this.stepPromotion = stepPromotion;
        this.releases = releases;
        this.arrival = arrival;
        this.observations = observations;
        this.messages = messages;
        this.timeline = timeline;
        this.actors = actors;
        this.clock = clock;
    }

    /** @param confirmedBy null while a second person is waited for */
    private record Waiver(String requestedBy, String confirmedBy) {}

    /** True when this was the second person and the step is promoted; false when it waits for a second one. */
    @Transactional
    boolean promote(String releaseKey, String reason) {
        Rollout rollout = store.lock(releaseKey);
        if (rollout.status() != Status.RUNNING) {
            throw new StateConflict("%s is %s: there is no step to promote".formatted(releaseKey, rollout.status()));
        }
        if (stepPromotion.isAwaited(rollout)) {
            throw new StateConflict(
                    "Step %d of %s has passed: there is nothing to waive, a person promotes it in the task 'Promote the step'"
                            .formatted(rollout.step(), releaseKey));
        }
        Release release = releases.get(releaseKey);
        String actor = actors.current();
        if (release.isAuthorOrRequester(actor)) {
            throw new NotEntitled("'%s' wrote or requested this release and does not promote it".formatted(actor));
        }
        String observation = RolloutSteps.observationOf(rollout);
        Observation watched = observations
                .find(observation)
                .orElseThrow(() -> new StateConflict("Step %d of %s is not watched yet: there is nothing to waive"
                        .formatted(rollout.step(), releaseKey)));
        String verdict = watched.latest() == null ? "NO_DATA" : watched.latest().verdict();
        if ("FAIL".equals(verdict)) {
            throw new StateConflict("The step has failed: a failed verdict is not waived");
        }
        arrival.against(rollout).ifPresent(otherwise -> {
            throw new StateConflict(
                    "Step %d of %s is not promoted, %s: a window is waived, not that anybody met the candidate"
                            .formatted(rollout.step(), releaseKey, otherwise));
        });
        Optional<Waiver> first = jdbc.sql(
                        "select requested_by, confirmed_by from rollout_promotion where observation = ?")
                .param(observation)
                .query(Waiver.class)
                .optional();
        if (first.isEmpty()) {
            jdbc.sql(
                            "insert into rollout_promotion (observation, release_key, verdict, requested_by, reason, requested_at) values (?, ?, ?, ?, ?, ?)")
                    .params(
                            observation,
                            releaseKey,
                            verdict,
                            actor,
                            reason,
                            clock.instant().atOffset(ZoneOffset.UTC))
                    .update();
            record(
                    releaseKey,
                    actor,
                    "%s asks to promote step %d over %s: %s".formatted(actor, rollout.step(), verdict, reason),
                    verdict);
            return false;
        }
        if (actor.equals(first.get().confirmedBy())) {
            return true; // a second click: it is on its way
        }
        if (first.get().confirmedBy() != null) {
            throw new StateConflict("Step %d of %s is promoted already, by '%s' and '%s'"
                    .formatted(
                            rollout.step(),
                            releaseKey,
                            first.get().requestedBy(),
                            first.get().confirmedBy()));
        }
        if (first.get().requestedBy().equals(actor)) {
            throw new StateConflict("A second person must confirm the promotion that '%s' asked for".formatted(actor));
        }
        jdbc.sql(
                        "update rollout_promotion set confirmed_by = ?, confirmed_at = ?, verdict = ? where observation = ? and confirmed_by is null")
                .params(actor, clock.instant().atOffset(ZoneOffset.UTC), verdict, observation)
                .update();
        record(
                releaseKey,
                actor,
                "%s confirms the promotion of step %d over %s: %s".formatted(actor, rollout.step(), verdict, reason),
                verdict);
        messages.send("stepJudged", releaseKey);
        return true;
    }

    /** Whether two persons have waived the rest of the window. */
    boolean isConfirmed(String observation) {
        return jdbc.sql("select count(*) from rollout_promotion where observation = ? and confirmed_by is not null")
                        .param(observation)
                        .query(Integer.class)
                        .single()
                > 0;
    }

    private void record(String releaseKey, String actor, String text, String verdict) {
        timeline.record(releaseKey, "rollout.promotion-waived", actor, text, Map.of("verdict", verdict));
    }
}
