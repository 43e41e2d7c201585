package dev.countersign.rollout;

import dev.countersign.api.Problem;
import dev.countersign.identity.Actors;
import dev.countersign.identity.NotEntitled;
import dev.countersign.identity.Role;
import dev.countersign.observe.Observations;
import dev.countersign.observe.Observations.Observation;
import dev.countersign.release.Release;
import dev.countersign.release.Releases;
import dev.countersign.release.StateConflict;
import dev.countersign.release.Timeline;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/releases/{key}")
class RolloutController {
    private static final Role[] STEERS = {Role.RELEASE_MANAGER, Role.SRE, Role.ON_CALL, Role.OPERATIONS};
    private static final Role[] STOPS = {Role.RELEASE_MANAGER, Role.SRE, Role.ON_CALL, Role.OPERATIONS, Role.MONITORING
    };
    private static final Role[] PROMOTES = {Role.RELEASE_MANAGER, Role.SRE};
    private final Releases releases;
    private final RolloutStore store;
    private final TrafficControl traffic;
    private final Halt halt;
    private final Pause pause;
    private final EarlyPromotion earlyPromotion;
    private final StepPromotion promotion;
    private final NotDeployed notDeployed;
    private final JourneyWalks walks;
    private final Observations observations;
    private final FoundRoots roots;
    private final Timeline timeline;
    private final Actors actors;
    private final Clock clock;

    RolloutController(
            Releases releases,
            RolloutStore store,
            TrafficControl traffic,
            Halt halt,
            Pause pause,
            EarlyPromotion earlyPromotion,
            StepPromotion promotion,
            NotDeployed notDeployed,
            JourneyWalks walks,
            Observations observations,
            FoundRoots roots,
            Timeline timeline,
            Actors actors,
            Clock clock) {
        this.releases = releases;
        this.store = store;
        this.traffic = traffic;
        this.halt = halt;
        this.pause = pause;
        this.earlyPromotion = earlyPromotion;
        this.promotion = promotion;
        this.notDeployed = notDeployed;
        this.walks = walks;
        this.observations = observations;
        this.roots = roots;
        this.timeline = timeline;
        this.actors = actors;
        this.clock = clock;
    }

    record Reason(String reason) {
        private static final int LONGEST = 2000;

        String required() {
            String why = ofStop();
            if (why.length() > LONGEST) {
                throw Problem.invalid("/reason", "must not be longer than " + LONGEST + " characters");
            }
            return why;
        }

        /** Nobody shortens a text first in an emergency: what is too long for a column is cut there. */
        String ofStop() {
            if (reason == null || reason.isBlank()) {
                throw Problem.invalid("/reason", "must say why");
            }
            return reason.strip();
        }
    }

    @GetMapping("/rollout")
    Map<String, Object> rollout(@PathVariable String key) {
        releases.get(key);
        Rollouts.Rollout rollout =
                store.find(key).orElseThrow(() -> Problem.notFound("The rollout of " + key + " has not begun"));
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("plan", rollout.plan());
        answer.put("status", rollout.status());
        answer.put("because", rollout.because());
        answer.put("step", rollout.step());
        Map<String, Object> split = new LinkedHashMap<>();
        split.put("wanted", rollout.wanted());
        split.put("actual", rollout.actual());
        answer.put("split", split);
        answer.put("awaitsPromotion", promotion.isAwaited(rollout));
        answer.put("candidate", rollout.candidate());
        answer.put("baseline", rollout.baseline());
        answer.put("steps", store.stepsOf(key));
        answer.put("verdicts", verdicts(key));
        answer.put("journeys", walks.of(key, rollout.service()));
        answer.put("correlation", roots.of(key).stream().findFirst().orElse(null));
        return answer;
    }

    private List<Map<String, Object>> verdicts(String key) {
        return observations.ofRelease(key).stream()
                .filter(observation -> observation.latest() != null)
                .map(RolloutController::verdict)
                .toList();
    }

    private static Map<String, Object> verdict(Observation observation) {
        Map<String, Object> verdict = new LinkedHashMap<>();
        verdict.put("observation", observation.order().id());
        verdict.put("kind", observation.order().kind());
        verdict.put("since", observation.since());
        verdict.put("unbrokenSince", observation.unbrokenSince());
        verdict.put("paused", observation.paused());
        verdict.put("latest", observation.latest());
        verdict.put("falseAlarms", observation.falseAlarms());
        verdict.put("score", observation.score());
        return verdict;
    }

    @PostMapping("/rollout/pause")
    Map<String, Object> pause(@PathVariable String key, @RequestBody Reason reason) {
        attempt(key, "pause", STEERS, () -> pause.pause(key, reason.required()));
        return rollout(key);
    }

    @PostMapping("/rollout/resume")
    Map<String, Object> resume(@PathVariable String key, @RequestBody Reason reason) {
        attempt(key, "resume", STEERS, () -> pause.resume(key, reason.required()));
        return rollout(key);
    }

    @PostMapping("/rollout/halt")
    Map<String, Object> halt(@PathVariable String key, @RequestBody Reason reason) {
        attempt(key, "halt", STOPS, () -> halt.now(key, reason.ofStop()));
        return rollout(key);
    }

    /** 200 when the second person confirmed; 202 when a second person must still confirm. */
    @PostMapping("/rollout/promote")
    ResponseEntity<Map<String, Object>> promote(@PathVariable String key, @RequestBody Reason reason) {
        AtomicBoolean promoted = new AtomicBoolean();
        attempt(key, "promote", PROMOTES, () -> promoted.set(earlyPromotion.promote(key, reason.required())));
        return ResponseEntity.status(promoted.get() ? HttpStatus.OK : HttpStatus.ACCEPTED)
                .body(rollout(key));
    }

    @PostMapping("/rollback")
    ResponseEntity<Map<String, Object>> rollback(@PathVariable String key, @RequestBody Reason reason) {
        attempt(key, "roll back", STOPS, () -> {
            String because = reason.ofStop();
            Release release = releases.get(key);
            if (!release.state().isExposed()) {
                throw new StateConflict("%s is %s: there is nothing to roll back".formatted(key, release.state()));
            }
            if (store.find(key).isPresent() || !notDeployed.demandRollback(key, because)) {
                traffic.trip(key, actors.current(), because, clock.instant());
            }
        });
        return ResponseEntity.accepted()
                .body(store.find(key).isPresent() ? rollout(key) : Map.of("status", "NOT_DEPLOYED"));
    }

    /** What is refused stands in the timeline too. */
    private void attempt(String key, String act, Role[] anyOf, Runnable attempt) {
        releases.get(key);
        try {
            actors.require(anyOf);
            attempt.run();
        } catch (StateConflict | NotEntitled refusal) {
            timeline.refused(
                    key,
                    "rollout.refused",
                    actors.current(),
                    "Refused to %s: %s".formatted(act, refusal.getMessage()),
                    Map.of("act", act));
            throw refusal;
        }
    }
}
