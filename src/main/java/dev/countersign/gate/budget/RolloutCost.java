package dev.countersign.gate.budget;

import dev.countersign.catalog.Slo;
import dev.countersign.gate.budget.ErrorBudgets.Cost;
import dev.countersign.gate.budget.ErrorBudgets.Exposure;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/** What a rollout costs of an objective's budget, if it goes as badly as it may without being rolled back. Pure. */
final class RolloutCost {
    private RolloutCost() {}

    /** @param maxErrorRate over which the candidate is rolled back */
    static Cost of(Slo slo, List<Exposure> parts, double maxErrorRate) {
        double worst = worst(slo, maxErrorRate);
        return new Cost(
                slo.name(),
                worst,
                cost(slo, parts, worst, Exposure::planned),
                cost(slo, parts, worst, Exposure::longest));
    }

    /** No trigger looks at the bound of a latency objective: each of the candidate's requests may be slower. */
    private static double worst(Slo slo, double maxErrorRate) {
        return slo.kind().equals("latency") ? 1 : Math.min(1, Math.max(0, maxErrorRate));
    }

    private static double cost(Slo slo, List<Exposure> parts, double worst, Function<Exposure, Duration> time) {
        double bad = 0;
        for (Exposure part : parts) {
            bad += ratio(slo, part.share() * worst) * time.apply(part).toMillis();
        }
        return bad / ((1 - slo.target()) * slo.window().toMillis());
    }

    /** A time slice is bad as a whole, or not at all. */
    private static double ratio(Slo slo, double bad) {
        if (slo.timeSliceTarget() == null) {
            return bad;
        }
        return 1 - bad < slo.timeSliceTarget() ? 1 : 0;
    }
}
