package dev.countersign.learning.delivery;

import java.time.Duration;
import org.apache.commons.statistics.distribution.BinomialDistribution;
import org.apache.commons.statistics.distribution.ChiSquaredDistribution;
import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * A confidence interval: how far the figure could be by chance alone.
 *
 * @param method by which it is reckoned
 */
record Bounds<T>(double level, T low, T high, String method) {
    static final double LEVEL = 0.95;
    private static final double TAIL = (1 - LEVEL) / 2;
    private static final double Z = NormalDistribution.of(0, 1).inverseSurvivalProbability(TAIL);

    /** Wilson's score interval of a ratio; null where nothing was tried. */
    static Bounds<Double> wilson(long successes, long trials) {
        if (trials == 0) {
            return null;
        }
        double share = (double) successes / trials;
        double square = Z * Z / trials;
        double centre = (share + square / 2) / (1 + square);
        double half = Z * Math.sqrt(share * (1 - share) / trials + square / (4 * trials)) / (1 + square);
        return new Bounds<>(
                LEVEL,
                successes == 0 ? 0 : Math.max(0, centre - half),
                successes == trials ? 1 : Math.min(1, centre + half),
                "Wilson score");
    }

    /** Of the median of any distribution, between two of its values; null where there are too few to say. */
    static Bounds<Duration> median(Spread spread) {
        int n = spread.n();
        int rank = n == 0 ? 0 : BinomialDistribution.of(n, 0.5).inverseCumulativeProbability(TAIL);
        return rank == 0
                ? null
                : new Bounds<>(LEVEL, spread.rank(rank), spread.rank(n - rank + 1), "order statistics of the median");
    }

    /** Of a rate of events, exact for a Poisson process; null where no time went by. */
    static Bounds<Double> rate(long events, double time) {
        if (time <= 0) {
            return null;
        }
        double low = events == 0 ? 0 : ChiSquaredDistribution.of(2.0 * events).inverseCumulativeProbability(TAIL) / 2;
        double high = ChiSquaredDistribution.of(2.0 * events + 2).inverseSurvivalProbability(TAIL) / 2;
        return new Bounds<>(LEVEL, low / time, high / time, "Poisson, exact");
    }
}
