package dev.countersign.observe;

import org.apache.commons.numbers.gamma.LogBeta;
import org.apache.commons.numbers.gamma.RegularizedBeta;

/**
 * Rule 3 of the canary judge: evidence that the candidate fails more often than {@code tolerated} times the baseline. It is an
 * e-value, so it stays valid however often it is looked at; evidence of segments with different shares multiplies.
 */
final class ErrorRatio {
    /** How firmly the alternative is believed to lie near the boundary. */
    private static final double WEIGHT = 50;

    private ErrorRatio() {}

    /**
     * @param candidateErrors of all {@code errors} in a segment of constant share
     * @param share of the requests that went to the candidate, between 0 and 1 exclusively
     * @param tolerated ratio of error rates that is not worth a rollback, for example 2
     * @return the evidence E; the candidate fails at E ≥ 1/α
     */
    static double evidence(long candidateErrors, long errors, double share, double tolerated) {
        return Math.exp(logEvidence(candidateErrors, errors, share, tolerated));
    }

    /** The same as a logarithm, which neither overflows nor vanishes. */
    static double logEvidence(long candidateErrors, long errors, double share, double tolerated) {
        if (!(share > 0 && share < 1)) {
            throw new IllegalArgumentException("Without traffic on both sides there is no ratio: share " + share);
        }
        double boundary = boundary(share, tolerated);
        double a = WEIGHT * boundary;
        double b = WEIGHT * (1 - boundary);
        long baselineErrors = errors - candidateErrors;
        // The Beta is restricted to p above the boundary: else a candidate that is better would raise E too.
        return LogBeta.value(a + candidateErrors, b + baselineErrors)
                - LogBeta.value(a, b)
                + Math.log(RegularizedBeta.complement(boundary, a + candidateErrors, b + baselineErrors))
                - Math.log(RegularizedBeta.complement(boundary, a, b))
                - candidateErrors * Math.log(boundary)
                - baselineErrors * Math.log(1 - boundary);
    }

    /** The evidence is a mean of likelihood ratios, so it is at most the greatest of them: that of the rate which was observed. */
    static double logBound(long candidateErrors, long errors, double share, double tolerated) {
        double boundary = boundary(share, tolerated);
        double observed = errors == 0 ? 0 : (double) candidateErrors / errors;
        if (observed <= boundary) {
            return 0;
        }
        long baselineErrors = errors - candidateErrors;
        return candidateErrors * Math.log(observed / boundary)
                + (baselineErrors == 0 ? 0 : baselineErrors * Math.log((1 - observed) / (1 - boundary)));
    }

    private static double boundary(double share, double tolerated) {
        return tolerated * share / (tolerated * share + 1 - share);
    }
}
