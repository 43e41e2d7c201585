package dev.countersign.observe;

import dev.countersign.observe.MetricsSource.Sample;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What candidate and baseline answered while the candidate's share stayed the same. A change of share opens a new one; evidence of segments multiplies.
 *
 * @param share that was asked for, between 0 and 1 exclusively
 */
record Segment(double share, long candidateRequests, long candidateErrors, long baselineRequests, long baselineErrors) {
    /**
     * The part of each segment's stake that is not bet. Evidence multiplies, and without it a candidate that was good among many errors at 5 % would have
     * earned so much credit that what breaks it at 25 % went unseen.
     */
    static final double HELD_BACK = 0.25;

    static Segment begin(double share) {
        return new Segment(share, 0, 0, 0, 0);
    }

    /** Counts whatever was concurrent. */
    static Segment of(double share, List<Sample> candidate, List<Sample> baseline, Instant since, Duration hole) {
        Segment counted = begin(share);
        for (Concurrent.Both both : Concurrent.of(candidate, baseline, since, hole)) {
            counted = counted.and(both);
        }
        return counted;
    }

    Segment and(Concurrent.Both both) {
        return new Segment(
                share,
                candidateRequests + both.candidateRequests(),
                candidateErrors + both.candidateErrors(),
                baselineRequests + both.baselineRequests(),
                baselineErrors + both.baselineErrors());
    }

    private Segment and(Segment other) {
        return new Segment(
                share,
                candidateRequests + other.candidateRequests,
                candidateErrors + other.candidateErrors,
                baselineRequests + other.baselineRequests,
                baselineErrors + other.baselineErrors);
    }

    /** Neighbours of the same share are one segment. */
    static List<Segment> joined(List<Segment> segments) {
        List<Segment> joined = new ArrayList<>();
        for (Segment each : segments) {
            int last = joined.size() - 1;
            if (last >= 0 && joined.get(last).share == each.share) {
                joined.set(last, joined.get(last).and(each));
            } else {
                joined.add(each);
            }
        }
        return joined;
    }

    long errors() {
        return candidateErrors + baselineErrors;
    }

    double candidateRate() {
        return candidateRequests == 0 ? 0 : (double) candidateErrors / candidateRequests;
    }

    double baselineRate() {
        return baselineRequests == 0 ? 0 : (double) baselineErrors / baselineRequests;
    }

    /** A router that sends the candidate more than it was told must not make it look worse. */
    double effectiveShare() {
        long all = candidateRequests + baselineRequests;
        double measured = all == 0 ? 0 : (double) candidateRequests / all;
        return Math.max(share, measured);
    }

    /** The logarithm of the evidence that the candidate fails more often than is tolerated; 0 says nothing. */
    double logEvidence(double tolerated) {
        // All requests at the candidate: nothing beside it that could be compared.
        return effectiveShare() >= 1
                ? 0
                : staked(ErrorRatio.logEvidence(candidateErrors, errors(), effectiveShare(), tolerated));
    }

    /** No more than this, at a fraction of the cost. */
    double logEvidenceAtMost(double tolerated) {
        return effectiveShare() >= 1
                ? 0
                : staked(ErrorRatio.logBound(candidateErrors, errors(), effectiveShare(), tolerated));
    }

    /** A mean of evidence and 1 is evidence too. */
    private static double staked(double logEvidence) {
        return logEvidence > 100
                ? logEvidence + Math.log(1 - HELD_BACK)
                : Math.log(HELD_BACK + (1 - HELD_BACK) * Math.exp(logEvidence));
    }
}
