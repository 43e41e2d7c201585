package dev.countersign.rollout;

import dev.countersign.identity.Actors;
import dev.countersign.observe.Observations;
import dev.countersign.observe.Observations.Judgement;
import dev.countersign.observe.Observations.Observation;
import dev.countersign.release.ClearanceMissing;
import dev.countersign.release.Clearances;
import dev.countersign.release.Release;
import dev.countersign.release.Releases;
import dev.countersign.release.StateConflict;
import dev.countersign.release.Timeline;
import dev.countersign.rollout.Rollouts.Rollout;
import dev.countersign.rollout.Rollouts.Status;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** What the steps of the rollout's models do. */
@Component
class RolloutSteps {
    private final Releases releases;
    private final RolloutStore store;
    private final Targets targets;
    private final Clearances clearances;
    private final TrafficControl traffic;
    private final Observations observations;
    private final RolloutPlans plans;
    private final RolloutStart start;
    private final CandidateWatch candidateWatch;
    private final CapacityCheck capacity;
    private final EarlyPromotion promotion;
    private final StepPromotion stepPromotion;
    private final JourneyProof journeys;
    private final JourneyEnd journeyEnd;
    private final FlagExposure flags;
    private final ShareArrival arrival;
    private final StepClock stepClock;
    private final OwedAlerts alerts;
    private final Timeline timeline;
    private final Actors actors;
    private final ApplicationEventPublisher events;

    RolloutSteps(
            Releases releases,
            RolloutStore store,
            Targets targets,
            Clearances clearances,
            TrafficControl traffic,
            Observations observations,
            RolloutPlans plans,
            RolloutStart start,
            CandidateWatch candidateWatch,
            CapacityCheck capacity,
            EarlyPromotion promotion,
            StepPromotion stepPromotion,
            JourneyProof journeys,
            JourneyEnd journeyEnd,
            FlagExposure flags,
            ShareArrival arrival,
            StepClock stepClock,
            OwedAlerts alerts,
            Timeline timeline,
            Actors actors,
            ApplicationEventPublisher events) {
        this.releases = releases;
        this.store = store;
        this.targets = targets;
        this.clearances = clearances;
        this.traffic = traffic;
        this.observations = observations;
        this.plans = plans;
        this.start = start;
        this.candidateWatch = candidateWatch;
        this.capacity = capacity;
        this.promotion = promotion;
        this.stepPromotion = stepPromotion;
        this.journeys = journeys;
        this.journeyEnd = journeyEnd;
        this.flags = flags;
        this.arrival = arrival;
        this.stepClock = stepClock;
        this.alerts = alerts;
        this.timeline = timeline;
        this.actors = actors;
        this.events = events;
    }

    /**
     * Takes the place beside the stable version and freezes the plan. A rollout that was interrupted by a lost clearance goes on where it stood.
     *
     * @throws ServiceBusy while another release holds the place
     */
    @Transactional
    void plan(String releaseKey) throws IOException {
        Release release = releases.get(releaseKey);
        RolloutPlan plan = plans.of(release);
        String baseline = targets.stableDigest(release.service());
        // Whoever withdraws the release holds its row: what follows sees whether somebody did.
        Optional<Rollout> existing = store.lockWhereThere(releaseKey);
        clearances.require(releaseKey);
        requireOpen(releases.get(releaseKey));
        requireFree(release);
        start.require(release);
        if (existing.isPresent()) {
            store.takeSlot(releaseKey);
            goOn(existing.get());
            return;
        }
        String candidate = release.artifacts().get(0).digest();
        store.begin(releaseKey, release.service(), candidate, baseline, plan);
        timeline.record(
                releaseKey,
                "rollout.planned",
                Actors.PLATFORM,
                "%d steps to all users (%s)".formatted(plan.steps().size(), plan.version()),
                Map.of("steps", plan.steps(), "triggers", plan.triggers(), "baseline", baseline));
    }

    private static void requireOpen(Release release) {
        if (release.state().isFinal()) {
            throw new StateConflict("%s is %s and does not roll out".formatted(release.key(), release.state()));
        }
    }

    private void requireFree(Release release) {
        store.holderOf(release.service())
                .filter(holder -> !holder.equals(release.key()))
                .ifPresent(holder -> {
                    throw new ServiceBusy(
                            "%s rolls out already: one release of %s at a time".formatted(holder, release.service()));
                });
    }

    /** @return false where nobody has confirmed yet that there is room for two versions: it is forecast then, and nothing is deployed */
    @Transactional
    boolean deploy(String releaseKey) throws IOException {
        traffic.prepare(releaseKey);
        Release release = releases.get(releaseKey);
        if (!capacity.isConfirmed(release)) {
            capacity.forecast(release);
            return false;
        }
        Rollout rollout = store.find(releaseKey).orElseThrow();
        targets.deployerOf(rollout.service())
                .deployCandidate(rollout.service(), release.version(), rollout.candidate());
        candidateWatch.untilRunning(rollout);
        timeline.record(
                releaseKey,
                "rollout.deploying",
                actors.current(),
                "The candidate is deployed without traffic" + capacity.undeclared(release),
                Map.of("digest", rollout.candidate()));
        return true;
    }

    /** Whether exactly the approved artifact runs. */
    boolean runsApprovedDigest(String releaseKey) throws IOException {
        Rollout rollout = store.find(releaseKey).orElseThrow();
        String running = targets.deployerOf(rollout.service())
                .candidateDigest(rollout.service())
                .orElseThrow(() -> new IOException("The target of " + rollout.service() + " reports no candidate"));
        boolean approved = running.equals(rollout.candidate());
        timeline.record(
                releaseKey,
                "rollout.digest-read",
                actors.current(),
                approved
                        ? "The target runs the approved digest " + running
                        : "The target runs %s, approved was %s".formatted(running, rollout.candidate()),
                Map.of("running", running, "approved", rollout.candidate()));
        return approved;
    }

    @Transactional
    void observe(String releaseKey) {
        observe(store.lock(releaseKey));
    }

    private void observe(Rollout rollout) {
        String releaseKey = rollout.releaseKey();
        RolloutPlan.Step step = rollout.plan().step(rollout.step());
        String id = observationOf(rollout);
        if (store.hasStep(id)) {
            return;
        }
        store.startStep(rollout, step, id);
        observations.begin(new Observations.Order(
                id,
                releaseKey,
                rollout.service(),
                "step",
                rollout.candidate(),
                rollout.baseline(),
                step.share(),
                step.window(),
                step.maximum(),
                rollout.plan().triggers()));
        if (rollout.status() == Status.PAUSED) {
            observations.pause(id);
        }
        timeline.record(
                releaseKey,
                "rollout.step-started",
                actors.current(),
                "Step %d of %d: %.0f %% of the %s for an unbroken %s"
                        .formatted(
                                step.number(),
                                rollout.plan().steps().size(),
                                step.share() * 100,
                                step.exposure().id(),
                                step.window()),
                Map.of("step", step.number(), "share", step.share(), "observation", id));
        events.publishEvent(new Rollouts.StepStarted(releaseKey, step.number(), step.share()));
    }

    /**
     * The verdict of the current step, whatever woke the wait for it. Waits on while its own observation has none for good; moves on to the next step where it passed and the plan asks for nobody; takes traffic
     * back where there is none, because nobody watches it any more.
     */
    @Transactional
    StepOutcome readVerdict(String releaseKey) {
        JourneyEnd.Seen seen = journeyEnd.isOwed(releaseKey) && mayPass(releaseKey)
                ? journeyEnd.walk(releases.get(releaseKey).service())
                : null;
        Rollout rollout = store.lock(releaseKey);
        String id = observationOf(rollout);
        Observation observation = observations.find(id).orElse(null);
        Judgement judgement = observation == null ? null : observation.latest();
        String verdict = judgement == null ? "NO_DATA" : judgement.verdict();
        String sentence = judgement == null ? "Nothing was measured" : judgement.sentence();
        boolean confirmed = promotion.isConfirmed(id);
        boolean waived = !"FAIL".equals(verdict) && confirmed;
        int left = rollout.plan().steps().size() - rollout.step();
        boolean open = observation != null && !observation.ended() && !confirmed;
        if (open && rollout.isMoving() && !stepClock.isOver(rollout)) {
            return StepOutcome.waitsOn(left);
        }
        if (rollout.status() == Status.PAUSED && (waived || "PASS".equals(verdict))) {
            watchAnew(rollout, verdict, sentence);
            return StepOutcome.waitsOn(left);
        }
        if (rollout.status() == Status.PAUSED && open) {
            verdict = "INCONCLUSIVE";
            sentence =
                    "It was paused, and nobody resumed it within %d hours".formatted(StepClock.LONGEST_PAUSE.toHours());
        }
        boolean broken = false;
        if (waived || "PASS".equals(verdict)) {
            if (seen == null && journeyEnd.isOwed(releaseKey) && rollout.status() == Status.RUNNING) {
                throw new IllegalStateException(
                        "It passed while it was looked at whether it would: its journeys are walked at the next attempt");
            }
            // Persons waive the rest of a window, and never journeys, nor that anybody met the candidate.
            boolean onlyWaived = waived && !"PASS".equals(verdict);
            Optional<String> unproven = journeys.missing(rollout)
                    .or(() -> unexposed(rollout))
                    .or(() -> onlyWaived ? arrival.against(rollout) : Optional.empty());
            Optional<JourneyOutcome> against = seen == null || rollout.status() != Status.RUNNING
                    ? Optional.empty()
                    : journeyEnd.against(rollout, JourneyEnd.OF_STEP, seen);
            broken = unproven.isEmpty()
                    && against.filter(outcome -> outcome.action() == JourneyOutcome.Action.ROLLBACK)
                            .isPresent();
            unproven = unproven.or(() -> against.map(JourneyOutcome::because)).or(() -> firing(rollout));
            if (broken) {
                waived = false;
                verdict = "FAIL";
                sentence = unproven.orElseThrow();
            } else if (unproven.isPresent()) {
                waived = false;
                verdict = "INCONCLUSIVE";
                sentence = unproven.get();
            }
        }
        observations.end(id);
        store.endStep(id, verdict, sentence);
        boolean passed = ("PASS".equals(verdict) || waived) && rollout.status() == Status.RUNNING;
        timeline.record(
                releaseKey,
                "rollout.step-judged",
                Actors.PLATFORM,
                "Step %d: %s. %s".formatted(rollout.step(), verdict, sentence),
                Map.of("step", rollout.step(), "verdict", verdict));
        // Two persons who waived the rest of the window have promoted the step.
        boolean byPerson =
                passed && !waived && rollout.plan().step(rollout.step()).isPromotedByPerson();
        if (byPerson) {
            stepPromotion.await(rollout);
        } else if (passed) {
            store.advance(rollout);
        } else if (broken && rollout.trippedAt() == null) {
            traffic.trip(releaseKey, Actors.PLATFORM, sentence, seen.at());
        } else {
            traffic.hold(releaseKey, sentence);
        }
        return new StepOutcome(broken ? "FAIL" : passed ? "PASS" : "INCONCLUSIVE", byPerson, left);
    }

    /** It passed, and somebody paused before it went on: it keeps its share, is watched meanwhile, and passes again in a full window after the pause. */
    private void watchAnew(Rollout rollout, String verdict, String sentence) {
        String id = observationOf(rollout);
        observations.end(id);
        store.endStep(id, verdict, sentence);
        timeline.record(
                rollout.releaseKey(),
                "rollout.step-judged",
                Actors.PLATFORM,
                "Step %d: %s. %s. Somebody paused before it went on: it keeps its share and is watched anew"
                        .formatted(rollout.step(), verdict, sentence),
                Map.of("step", rollout.step(), "verdict", verdict));
        journeys.carry(rollout, rollout.epoch() + 1);
        store.status(rollout.releaseKey(), Status.PAUSED, rollout.because(), rollout.epoch() + 1);
        observe(store.lock(rollout.releaseKey()));
    }

    /** As it stands before anything is locked: journeys are walked for what passes only. */
    private boolean mayPass(String releaseKey) {
        return store.find(releaseKey)
                .filter(rollout -> rollout.status() == Status.RUNNING)
                .map(RolloutSteps::observationOf)
                .filter(id -> observations
                                .find(id)
                                .map(Observation::latest)
                                .filter(latest -> "PASS".equals(latest.verdict()))
                                .isPresent()
                        || promotion.isConfirmed(id))
                .isPresent();
    }

    /** In its first epoch nothing has stood still: whatever called for a halt has halted it. */
    private Optional<String> firing(Rollout rollout) {
        return rollout.epoch() > 1 && rollout.status() == Status.RUNNING
                ? alerts.meet(rollout.releaseKey())
                : Optional.empty();
    }

    /** Why the users that a step by flag was to expose are not known to have been: it may have been turned elsewhere since it was set. */
    private Optional<String> unexposed(Rollout rollout) {
        RolloutPlan.Step step = rollout.plan().step(rollout.step());
        return step.isByFlag() && rollout.status() == Status.RUNNING
                ? flags.unlike(releases.get(rollout.releaseKey()), step.share())
                : Optional.empty();
    }

    /**
     * @param verdict {@code FAIL} where a journey failed on the canary alone, traffic is back then; {@code OPEN} while there is none for good
     * @param byPerson it passed, and the plan says that a person leads on
     */
    record StepOutcome(String verdict, boolean byPerson, int left) {
        private static StepOutcome waitsOn(int left) {
            return new StepOutcome("OPEN", false, left);
        }

        boolean isOpen() {
            return "OPEN".equals(verdict);
        }
    }

    /** Goes on where it stood, if the records still support it: what took traffic back revoked the clearance, and it is granted anew. */
    @Transactional
    void resume(String releaseKey) {
        Rollout rollout = store.lock(releaseKey);
        try {
            clearances.grant(releaseKey);
        } catch (StateConflict missing) {
            throw new ClearanceMissing(missing.getMessage());
        }
        goOn(rollout);
    }

    /** In a new epoch, with a full window. */
    private void goOn(Rollout rollout) {
        String releaseKey = rollout.releaseKey();
        if (rollout.isBack()) {
            throw new StateConflict(releaseKey + " has been taken back and cannot go on");
        }
        store.status(releaseKey, Status.RUNNING, null, rollout.epoch() + 1);
        timeline.record(
                releaseKey,
                "rollout.resumed",
                actors.current(),
                "Goes on at step %d with a full window".formatted(rollout.step()),
                Map.of("step", rollout.step()));
    }

    Instant currentEnd(String releaseKey) {
        return stepClock.endsAt(store.find(releaseKey).orElseThrow());
    }

    Duration stabilisationMaximum(String releaseKey) {
        return store.find(releaseKey).orElseThrow().plan().stabilisationMaximum();
    }

    static String observationOf(Rollout rollout) {
        return "%s/step-%d#%d".formatted(rollout.releaseKey(), rollout.step(), rollout.epoch());
    }
}
