package dev.countersign.observe;

import dev.countersign.observe.SignalLook.Against;
import java.util.SortedMap;
import org.apache.commons.statistics.distribution.BinomialDistribution;
import org.apache.commons.statistics.distribution.NormalDistribution;

/** How what pages of real users tell compares: the 75th percentile of a vital, or errors of scripts for each page. */
final class PageLook {
    private static final double P75 = 0.75;

    private PageLook() {}

    /** @param whose the other side in words */
    static SignalLook of(CanaryMetric metric, Reading.Counts own, Reading.Counts other, Against against, String whose) {
        return Vital.ofMetric(metric.name()) == Vital.JS_ERROR
                ? errors(metric, own, other, against, whose)
                : percentile(metric, own, other, against, whose);
    }

    private static SignalLook errors(
            CanaryMetric metric, Reading.Counts own, Reading.Counts other, Against against, String whose) {
        double difference = own.rate() - other.rate();
        int events = (int) Math.min(Integer.MAX_VALUE, own.events() + other.events());
        boolean worse = difference > metric.minimumRate()
                && events > 0
                && BinomialDistribution.of(events, (double) own.of() / (own.of() + other.of()))
                                .survivalProbability((int) own.events() - 1)
                        < metric.alpha();
        return new SignalLook(
                metric,
                worse ? Outcome.FAIL : Outcome.PASS,
                against,
                difference,
                metric.minimumRate(),
                own.of(),
                "%s: %s of %d pages of real users against %s of %d of %s, %s more tolerated (%s)"
                        .formatted(
                                metric.name(),
                                Words.percent(own.rate()),
                                own.of(),
                                Words.percent(other.rate()),
                                other.of(),
                                whose,
                                Words.limit(metric.minimumRate()),
                                metric.ruleVersion()));
    }

    /** Worse where the 75th percentile is, and significantly more of the candidate's pages lie above the baseline's. */
    private static SignalLook percentile(
            CanaryMetric metric, Reading.Counts own, Reading.Counts other, Against against, String whose) {
        Vital vital = Vital.ofMetric(metric.name());
        Latencies ownValues = own.latencies();
        Latencies otherValues = other.latencies();
        double mine = ownValues.percentile(P75);
        double theirs = otherValues.percentile(P75);
        boolean worse = mine - theirs > metric.minimumShiftMs()
                && above(ownValues, otherValues, endOfBucket(otherValues, theirs)) < metric.alpha();
        return new SignalLook(
                metric,
                worse ? Outcome.FAIL : Outcome.PASS,
                against,
                mine - theirs,
                metric.minimumShiftMs(),
                own.of(),
                "%s p75 of %d pages of real users is %s against %s of %d of %s, %s over it tolerated (%s)"
                        .formatted(
                                metric.name(),
                                own.of(),
                                vital.words(mine),
                                vital.words(theirs),
                                other.of(),
                                whose,
                                vital.words(metric.minimumShiftMs()),
                                metric.ruleVersion()));
    }

    /** Values are only known by their bucket. */
    private static double endOfBucket(Latencies values, double value) {
        SortedMap<Double, Long> rest = values.counts().tailMap(value);
        return rest.isEmpty() ? value : rest.firstKey();
    }

    /** The chance that so many more of one side lie above a bound if both were alike (two proportions, pooled). */
    private static double above(Latencies own, Latencies other, double bound) {
        double n = own.total();
        double m = other.total();
        double mine = n - own.atMost(bound);
        double theirs = m - other.atMost(bound);
        double pooled = (mine + theirs) / (n + m);
        double spread = Math.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m));
        return spread == 0 ? 1 : NormalDistribution.of(0, 1).survivalProbability((mine / n - theirs / m) / spread);
    }
}
