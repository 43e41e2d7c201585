package dev.countersign.gate.budget;

import dev.countersign.catalog.Slo;
import dev.countersign.gate.budget.ErrorBudgets.Cost;
import dev.countersign.gate.budget.ErrorBudgets.Exposure;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** What a rollout costs of an objective's budget, if it goes as badly as it may without being rolled back. Pure. */
final class RolloutCost {
    private static final Set<String> FAILURES = Set.of("availability", "errors");

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

    /** The trigger counts failed requests. No trigger looks at a bound of latencies, at a threshold of anything else, or at what a file does not tell: of those all may be bad. */
    private static double worst(Slo slo, double maxErrorRate) {
        boolean ofFailures = FAILURES.contains(slo.kind())
                && (slo.source() == null || !"threshold".equals(slo.source().shape()));
        return ofFailures ? Math.min(1, Math.max(0, maxErrorRate)) : 1;
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
