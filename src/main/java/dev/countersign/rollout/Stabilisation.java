package dev.countersign.rollout;

import dev.countersign.identity.Actors;
import dev.countersign.observe.Observations;
import dev.countersign.observe.Observations.Judgement;
import dev.countersign.observe.Observations.Observation;
import dev.countersign.observe.Observations.Order;
import dev.countersign.release.Clearances;
import dev.countersign.release.PinnedPolicy;
import dev.countersign.release.ReleaseState;
import dev.countersign.release.Releases;
import dev.countersign.release.StateConflict;
import dev.countersign.release.Timeline;
import dev.countersign.rollout.Rollouts.Rollout;
import dev.countersign.rollout.Rollouts.Status;
import dev.countersign.workflow.Messages;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** From full traffic to the stable version: the objectives are watched, and only what is stored about them promotes. */
@Component
class Stabilisation {
    /** Watches while a person decides: it can fail, and is never long enough to pass. */
    static final String HELD = "held";

    private static final Duration UNTIL_DECIDED = Duration.ofDays(2);

    private final Releases releases;
    private final RolloutStore store;
    private final Targets targets;
    private final Clearances clearances;
    private final PinnedPolicy pinned;
    private final Observations observations;
    private final JourneyEnd journeys;
    private final OwedAlerts alerts;
    private final TrafficControl traffic;
    private final Messages messages;
    private final Timeline timeline;
    private final Actors actors;

    Stabilisation(
            Releases releases,
            RolloutStore store,
            Targets targets,
            Clearances clearances,
            PinnedPolicy pinned,
            Observations observations,
            JourneyEnd journeys,
            OwedAlerts alerts,
            TrafficControl traffic,
            Messages messages,
            Timeline timeline,
            Actors actors) {
        this.releases = releases;
        this.store = store;
        this.targets = targets;
        this.clearances = clearances;
        this.pinned = pinned;
        this.observations = observations;
        this.journeys = journeys;
        this.alerts = alerts;
        this.traffic = traffic;
        this.messages = messages;
        this.timeline = timeline;
        this.actors = actors;
    }

    @Transactional
    void begin(String releaseKey) {
        Rollout rollout = store.lock(releaseKey);
        clearances.requireGiven(releaseKey);
        if (rollout.status() != Status.COMPLETE) {
            throw new StateConflict(
                    "%s is %s: not every user is on it, it cannot stabilise".formatted(releaseKey, rollout.status()));
        }
        String id = observationOf(rollout);
        if (store.hasStep(id)) {
            return;
        }
        if (rollout.because() != null) {
            // Whoever let it go on has decided about what it stood still for.
            store.status(releaseKey, rollout.status(), null, rollout.epoch());
        }
        observations.end(heldObservationOf(rollout));
        RolloutPlan plan = rollout.plan();
        store.startStep(
                rollout,
                RolloutPlan.Step.automatic(
                        plan.steps().size() + 1, 1, plan.stabilisationWindow(), plan.stabilisationMaximum()),
                id);
        watch(rollout, id, "stabilisation", plan.stabilisationWindow(), plan.stabilisationMaximum());
        timeline.record(
                releaseKey,
                "stabilisation.started",
                actors.current(),
                "Every objective must hold for " + plan.stabilisationWindow(),
                Map.of("observation", id));
    }

    /**
     * Nothing makes it the stable version until a person decides, whatever was found already. Users stay on it, the breaker stays armed, and whoever lets it go on begins a full window.
     *
     * @return false where no watch is under way that could promote it
     */
    @Transactional
    boolean halt(String releaseKey, String because) {
        Rollout rollout = store.lock(releaseKey);
        String id = observationOf(rollout);
        if (rollout.status() != Status.COMPLETE
                || releases.get(releaseKey).state() != ReleaseState.STABILISING
                || !store.hasStep(id)) {
            return false;
        }
        boolean judged = store.hasPassed(id);
        observations.end(id);
        String halted =
                (judged ? "Halted, and nobody makes it the stable version by hand either: " : "Halted: ") + because;
        store.endStep(id, "INCONCLUSIVE", halted);
        // A promotion that is under way looks for a pass in this epoch, and is refused.
        store.status(releaseKey, rollout.status(), halted, rollout.epoch() + 1);
        keepWatching(store.lock(releaseKey));
        timeline.record(
                releaseKey,
                "rollout.halted",
                actors.current(),
                "Halted while it stabilises: users stay on it, and nothing makes it the stable version until a person decides: "
                        + because,
                Map.of("epoch", rollout.epoch() + 1));
        // Whoever is asked to promote it by hand is asked no more.
        messages.send(judged ? "rolloutHalted" : "stabilisationJudged", releaseKey);
        return true;
    }

    /** Stores the verdict. Where it is not a pass the breaker stays armed: users are on the candidate while a person decides. */
    @Transactional
    String readVerdict(String releaseKey) {
        Rollout rollout = store.lock(releaseKey);
        String id = observationOf(rollout);
        if (!store.hasStep(id)) {
            // Halted: that is the verdict of its step, and a watch of its own is under way.
            keepWatching(rollout);
            return "INCONCLUSIVE";
        }
        Judgement judgement = observations.find(id).map(Observation::latest).orElse(null);
        String verdict = judgement == null ? "NO_DATA" : judgement.verdict();
        String sentence = judgement == null ? "Nothing was measured" : judgement.sentence();
        observations.end(id);
        store.endStep(id, verdict, sentence);
        if (!"PASS".equals(verdict)) {
            // The next look is an observation of its own.
            store.status(releaseKey, rollout.status(), sentence, rollout.epoch() + 1);
            keepWatching(store.lock(releaseKey));
        }
        timeline.record(
                releaseKey,
                "stabilisation.judged",
                Actors.PLATFORM,
                "%s. %s".formatted(verdict, sentence),
                Map.of("verdict", verdict));
        return verdict;
    }

    /**
     * The candidate becomes the stable version at the target, if its journeys pass once more.
     *
     * @return false where a journey failed on the candidate alone: traffic is back then
     * @throws PromotionRefused when it is not rolled out to everybody or no stored verdict says that its objectives held, its journeys ask for a person, or an alert fires that called for a halt
     */
    @Transactional
    boolean promote(String releaseKey) throws IOException {
        JourneyEnd.Seen seen = journeys.isOwed(releaseKey) ? walk(releaseKey) : null;
        Rollout rollout = store.lock(releaseKey);
        clearances.requireGiven(releaseKey);
        if (rollout.status() != Status.COMPLETE) {
            throw new PromotionRefused("%s is %s: not every user is on it, it cannot become the stable version"
                    .formatted(releaseKey, rollout.status()));
        }
        if (!store.hasPassed(observationOf(rollout))) {
            keepWatching(rollout);
            throw new PromotionRefused(
                    "No verdict on %s says that its objectives held: it cannot become the stable version"
                            .formatted(releaseKey));
        }
        if (seen != null) {
            JourneyOutcome against =
                    journeys.against(rollout, JourneyEnd.OF_STABILISATION, seen).orElse(null);
            if (against != null && against.action() == JourneyOutcome.Action.ROLLBACK) {
                traffic.trip(releaseKey, Actors.PLATFORM, against.because(), seen.at());
                return false;
            }
            if (against != null) {
                throw stays(rollout, against.because());
            }
        }
        alerts.meet(releaseKey).ifPresent(firing -> {
            throw stays(rollout, firing);
        });
        targets.deployerOf(rollout.service()).promote(rollout.service(), rollout.candidate());
        // The stable servers run the promoted version now; those of the candidate must be free for the next one.
        TrafficRouter router = targets.routerOf(rollout.service());
        router.setShare(rollout.service(), 0);
        if (router.readShare(rollout.service()) > 0) {
            throw new IOException("%s still sends traffic to the servers of the candidate".formatted(router.name()));
        }
        timeline.record(
                releaseKey,
                "rollout.promoted",
                actors.current(),
                "%s is the stable version now".formatted(rollout.candidate()),
                Map.of("digest", rollout.candidate()));
        return true;
    }

    /** What passed before does not promote any more: whoever watches again watches a window of its own. */
    private PromotionRefused stays(Rollout rollout, String because) {
        store.status(rollout.releaseKey(), rollout.status(), because, rollout.epoch() + 1);
        keepWatching(store.lock(rollout.releaseKey()));
        return new PromotionRefused(because);
    }

    /** Null where it would not be promoted anyway, and where the target has made it the stable version already: an attempt that ended between target and router is tried again. */
    private JourneyEnd.Seen walk(String releaseKey) throws IOException {
        Rollout rollout = store.find(releaseKey).orElse(null);
        boolean due = rollout != null
                && rollout.status() == Status.COMPLETE
                && store.hasPassed(observationOf(rollout))
                && !rollout.candidate().equals(targets.stableDigest(rollout.service()));
        return due ? journeys.walk(rollout.service()) : null;
    }

    private void keepWatching(Rollout rollout) {
        boolean watched =
                observations.ofRelease(rollout.releaseKey()).stream().anyMatch(observation -> !observation.ended());
        if (rollout.status() == Status.COMPLETE && !watched) {
            watch(rollout, heldObservationOf(rollout), HELD, UNTIL_DECIDED, UNTIL_DECIDED);
        }
    }

    private void watch(Rollout rollout, String id, String kind, Duration window, Duration maximum) {
        observations.begin(
                new Order(
                        id,
                        rollout.releaseKey(),
                        rollout.service(),
                        kind,
                        rollout.candidate(),
                        null,
                        1,
                        window,
                        maximum,
                        rollout.plan().triggers()),
                pinned.objectivesOf(releases.get(rollout.releaseKey())));
    }

    /** Whether a stored verdict would promote it; a halt takes that away. */
    boolean mayBePromoted(String releaseKey) {
        return store.find(releaseKey)
                .filter(rollout -> rollout.status() == Status.COMPLETE)
                .filter(rollout -> store.hasPassed(observationOf(rollout)))
                .isPresent();
    }

    private static String observationOf(Rollout rollout) {
        return "%s/stabilisation#%d".formatted(rollout.releaseKey(), rollout.epoch());
    }

    private static String heldObservationOf(Rollout rollout) {
        return "%s/held#%d".formatted(rollout.releaseKey(), rollout.epoch());
    }
}
