package dev.countersign.observe;

import dev.countersign.observe.Observations.Triggers;
import dev.countersign.observe.Reading.Counts;
import dev.countersign.observe.SignalLook.Against;
import java.time.temporal.ChronoUnit;
import org.apache.commons.statistics.distribution.BinomialDistribution;

/**
 * How a signal compares with what the baseline had last, once everybody is on the candidate. What was never concurrent differs by more than the release, by the hour of the day
 * at least: what is worse holds and asks a person, and never rolls back.
 */
final class AfterBaseline {
    private AfterBaseline() {}

    /** What has a season is held against that, whose hours are the same. */
    static boolean concerns(CanaryMetric metric) {
        return metric.isSignal() && (!metric.isOfKpi() || !metric.kpi().seasonal());
    }

    /** @param last null where the baseline of this rollout never had enough */
    static SignalLook compare(CanaryMetric metric, Counts own, Counts last, Triggers triggers) {
        if (last == null) {
            return nothing(metric, own, "the baseline never had enough beside it in this rollout");
        }
        if (metric.isOfKpi() && !isMore(metric) && last.events() == 0) {
            return nothing(metric, own, "the baseline had none either before everybody left it");
        }
        SignalLook thin = SignalLook.thin(metric, own, metric.isOfKpi() ? "candidate" : "candidate's pages", triggers);
        if (thin != null) {
            return thin;
        }
        if (!metric.isOfKpi()) {
            return PageLook.of(metric, own, last, Against.LAST, "the baseline's last (" + when(last) + ")");
        }
        boolean worse = SignalLook.over(metric, own, last.rate()) && isUnlikely(metric, own, last);
        return worse
                ? SignalLook.deviates(
                        metric,
                        own,
                        last.rate(),
                        Against.LAST,
                        "what the baseline had last (%s for each of %d %s)"
                                .formatted(Words.figure(last.rate()), last.of(), when(last)))
                : SignalLook.holds(
                        metric,
                        own,
                        last.rate(),
                        Against.LAST,
                        "that the baseline had last (of %d %s)".formatted(last.of(), when(last)));
    }

    private static SignalLook nothing(CanaryMetric metric, Counts own, String why) {
        return new SignalLook(
                metric,
                Outcome.NO_DATA,
                Against.NOTHING,
                null,
                null,
                own.of(),
                "%s is compared with nothing: %s (%s)".formatted(metric.name(), why, metric.ruleVersion()));
    }

    private static String when(Counts last) {
        return last.until() == null
                ? "before everybody left it, so the hours differ"
                : "until %s, so the hours differ".formatted(last.until().truncatedTo(ChronoUnit.SECONDS));
    }

    private static boolean isMore(CanaryMetric metric) {
        return "more".equals(metric.worse());
    }

    /** Both counts have chance in them: among all events of both, those of the candidate are binomial by its units if it is no worse. */
    private static boolean isUnlikely(CanaryMetric metric, Counts own, Counts last) {
        int events = (int) Math.min(Integer.MAX_VALUE - 1L, own.events() + last.events());
        if (events == 0) {
            return false;
        }
        int seen = (int) Math.min(events, own.events());
        BinomialDistribution chance = BinomialDistribution.of(events, own.units() / (own.units() + last.units()));
        double p = isMore(metric) ? chance.survivalProbability(seen - 1) : chance.cumulativeProbability(seen);
        return p < metric.alpha();
    }
}
