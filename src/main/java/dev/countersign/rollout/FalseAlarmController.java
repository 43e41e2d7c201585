package dev.countersign.rollout;

import dev.countersign.api.Problem;
import dev.countersign.identity.Actors;
import dev.countersign.identity.Role;
import dev.countersign.observe.FalseAlarms;
import dev.countersign.observe.FalseAlarms.FalseAlarm;
import dev.countersign.release.Release;
import dev.countersign.release.Releases;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.List;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Compares the stable version with itself by the metrics of a step, also before the rollout begins. It asks the source anew each time, so not everybody may. */
@RestController
@RequestMapping("/api/releases/{key}/rollout/false-alarms")
class FalseAlarmController {
    private static final Role[] ASK = {Role.RELEASE_MANAGER, Role.SRE, Role.ON_CALL, Role.OPERATIONS};
    private final Releases releases;
    private final RolloutStore store;
    private final RolloutPlans plans;
    private final Targets targets;
    private final FalseAlarms falseAlarms;
    private final Actors actors;

    FalseAlarmController(
            Releases releases,
            RolloutStore store,
            RolloutPlans plans,
            Targets targets,
            FalseAlarms falseAlarms,
            Actors actors) {
        this.releases = releases;
        this.store = store;
        this.plans = plans;
        this.targets = targets;
        this.falseAlarms = falseAlarms;
        this.actors = actors;
    }

    @PostMapping
    List<FalseAlarm> measure(@PathVariable String key, @RequestParam(defaultValue = "1") int step) throws IOException {
        actors.require(ASK);
        Release release = releases.get(key);
        Rollouts.Rollout rollout = store.find(key).orElse(null);
        RolloutPlan plan = rollout == null ? plans.of(release) : rollout.plan();
        String baseline = rollout == null ? targets.stableDigest(release.service()) : rollout.baseline();
        if (step < 1 || step > plan.steps().size()) {
            throw Problem.invalid(
                    "/step", "must be one of the plan's " + plan.steps().size() + " steps");
        }
        try {
            return falseAlarms.measure(
                    release.service(),
                    baseline,
                    plan.step(step).share(),
                    plan.step(step).window(),
                    plan.triggers());
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("The platform stops");
        }
    }
}
