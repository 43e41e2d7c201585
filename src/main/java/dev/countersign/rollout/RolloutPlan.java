package dev.countersign.rollout;

import dev.countersign.observe.Observations.Triggers;
import java.time.Duration;
import java.util.List;

/** A release's plan, frozen when its rollout begins. */
public record RolloutPlan(
        List<Step> steps,
        Duration stabilisationWindow,
        Duration stabilisationMaximum,
        Triggers triggers,
        String version) {
    /**
     * @param share of the candidate
     * @param window unbroken time that passes the step
     * @param maximum at this age without a verdict a person decides
     */
    public record Step(int number, double share, Duration window, Duration maximum) {}

    public Step step(int number) {
        return steps.get(number - 1);
    }
}
