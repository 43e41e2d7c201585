package dev.countersign.rollout;

import dev.countersign.catalog.CanaryConfiguration;
import dev.countersign.catalog.Catalog;
import dev.countersign.catalog.Service;
import dev.countersign.observe.CanaryMetric;
import dev.countersign.observe.Observations;
import dev.countersign.observe.RealUsers;
import dev.countersign.release.Release;
import dev.countersign.workflow.Decisions;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/** The plan of a release's rollout, as the tables in force for it say. */
@Component
class RolloutPlans {
    private final Decisions decisions;
    private final Catalog catalog;

    RolloutPlans(Decisions decisions, Catalog catalog) {
        this.decisions = decisions;
        this.catalog = catalog;
    }

    RolloutPlan of(Release release) {
        String target = catalog.service(release.service()).map(Service::target).orElse("production");
        Map<String, Object> facts = Map.of("tier", release.tier(), "target", target, "flagged", release.isFlagged());
        Decisions.Answered plan = decisions.ask(release.policy(), "rollout-plan", facts);
        List<RolloutPlan.Step> steps = plan.rows().stream()
                .map(row -> new RolloutPlan.Step(
                        number(row, "step").intValue(),
                        number(row, "share").doubleValue(),
                        duration(row, "window"),
                        duration(row, "maximum"),
                        RolloutPlan.Promotion.of(row.get("promotion")),
                        RolloutPlan.Exposure.of(row.get("exposure"))))
                .sorted(Comparator.comparingInt(RolloutPlan.Step::number))
                .toList();
        if (steps.isEmpty()) {
            throw new IllegalStateException("The table rollout-plan has no step for " + facts);
        }
        Decisions.Answered triggers = decisions.ask(release.policy(), "rollback-triggers", facts);
        Map<String, Object> trigger = triggers.single();
        CanaryConfiguration own = catalog.canaryOf(release.service()).orElse(null);
        List<CanaryMetric> metrics = CanaryTable.metrics(
                decisions,
                release,
                facts,
                catalog.service(release.service()).filter(RealUsers::areHeard).isPresent(),
                catalog.kpisOf(release.service()),
                own);
        Map<String, Object> stabilisation =
                decisions.ask(release.policy(), "stabilisation", facts).single();
        return new RolloutPlan(
                        steps,
                        duration(stabilisation, "window"),
                        duration(stabilisation, "maximum"),
                        new Observations.Triggers(
                                number(trigger, "maxErrorRate").doubleValue(),
                                duration(trigger, "errorWindow"),
                                number(trigger, "minRequests").intValue(),
                                number(trigger, "maxLatencyIncreaseMs").doubleValue(),
                                duration(trigger, "latencyWindow"),
                                number(trigger, "latencyBreaches").intValue(),
                                number(trigger, "latencyWindows").intValue(),
                                triggers.version(),
                                metrics,
                                CanaryTable.rule(own, metrics)),
                        plan.version())
                .possibleFor(release.isFlagged());
    }

    private static Number number(Map<String, Object> row, String name) {
        return (Number) row.get(name);
    }

    private static Duration duration(Map<String, Object> row, String name) {
        return Duration.parse(String.valueOf(row.get(name)));
    }
}
