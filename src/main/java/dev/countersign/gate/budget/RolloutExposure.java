package dev.countersign.gate.budget;

import dev.countersign.gate.budget.ErrorBudgets.Exposure;
import dev.countersign.workflow.Decisions;
import dev.countersign.workflow.Decisions.Answered;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Who meets the candidate for how long, by the tables that the rollout will be planned by. */
@Component
class RolloutExposure {
    private static final Logger LOG = LoggerFactory.getLogger(RolloutExposure.class);
    private final Decisions decisions;

    RolloutExposure(Decisions decisions) {
        this.decisions = decisions;
    }

    /** @param maxErrorRate over which the candidate is rolled back */
    record Plan(List<Exposure> parts, double maxErrorRate, String version) {}

    /** Empty where the tables do not say: the rollout would refuse them. */
    Optional<Plan> of(String policy, String tier, String target, boolean flagged) {
        Map<String, Object> facts = Map.of("tier", tier, "target", target, "flagged", flagged);
        try {
            Answered plan = decisions.ask(policy, "rollout-plan", facts);
            List<Map<String, Object>> steps = plan.rows().stream()
                    .sorted(Comparator.comparingInt(row -> number(row, "step").intValue()))
                    .toList();
            List<Exposure> parts = new ArrayList<>();
            for (Map<String, Object> step : steps) {
                parts.add(exposure(
                        "step " + number(step, "step").intValue(),
                        number(step, "share").doubleValue(),
                        step));
            }
            parts.add(exposure(
                    "stabilisation",
                    1,
                    decisions.ask(policy, "stabilisation", facts).single()));
            Answered triggers = decisions.ask(policy, "rollback-triggers", facts);
            return Optional.of(new Plan(
                    parts,
                    number(triggers.single(), "maxErrorRate").doubleValue(),
                    plan.version() + ", " + triggers.version()));
        } catch (RuntimeException unreadable) {
            LOG.warn("No forecast for {} in {}: {}", tier, target, unreadable.getMessage());
            return Optional.empty();
        }
    }

    private static Exposure exposure(String what, double share, Map<String, Object> row) {
        return new Exposure(
                what,
                share,
                Duration.parse(String.valueOf(row.get("window"))),
                Duration.parse(String.valueOf(row.get("maximum"))));
    }

    private static Number number(Map<String, Object> row, String name) {
        if (row.get(name) instanceof Number number) {
            return number;
        }
        throw new IllegalStateException("no number for " + name);
    }
}
