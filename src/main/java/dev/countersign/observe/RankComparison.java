package dev.countersign.observe;

import java.util.Arrays;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.apache.commons.statistics.inference.AlternativeHypothesis;
import org.apache.commons.statistics.inference.ContinuityCorrection;
import org.apache.commons.statistics.inference.MannWhitneyUTest;
import org.apache.commons.statistics.inference.PValueMethod;

/**
 * Rule 2 of the canary judge: whether the candidate's values lie above the concurrent baseline's, by a rank test with tie and
 * continuity correction, and by how much (Hodges and Lehmann's shift with its confidence interval). To be given block means, because
 * neighbouring samples are correlated.
 *
 * @param shift median of all pairwise differences candidate − baseline
 * @param lower bound of the shift's confidence interval, from the sorted differences
 * @param pValue of "the candidate is not above"
 */
record RankComparison(double shift, double lower, double upper, double pValue) {
    static RankComparison of(double[] candidate, double[] baseline, double confidence) {
        double[] differences = differences(candidate, baseline);
        int pairs = differences.length;
        double z = NormalDistribution.of(0, 1).inverseCumulativeProbability(1 - (1 - confidence) / 2);
        double spread = Math.sqrt(pairs * (candidate.length + baseline.length + 1) / 12.0);
        int rank = (int) Math.max(1, Math.floor(pairs / 2.0 - z * spread));
        double p = MannWhitneyUTest.withDefaults()
                .with(AlternativeHypothesis.GREATER_THAN)
                .with(ContinuityCorrection.ENABLED)
                .with(PValueMethod.ASYMPTOTIC)
                .test(candidate, baseline)
                .getPValue();
        return new RankComparison(median(differences), differences[rank - 1], differences[pairs - rank], p);
    }

    /** Worse beyond doubt: significant, and even the interval's lower end exceeds the smallest effect that matters. */
    boolean worse(double minimumEffect, double confidence) {
        return pValue < 1 - confidence && lower > minimumEffect;
    }

    private static double[] differences(double[] candidate, double[] baseline) {
        double[] differences = new double[candidate.length * baseline.length];
        int next = 0;
        for (double own : candidate) {
            for (double other : baseline) {
                differences[next++] = own - other;
            }
        }
        Arrays.sort(differences);
        return differences;
    }

    private static double median(double[] sorted) {
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
