package dev.countersign.observe;

import dev.countersign.observe.MetricsSource.Sample;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Rule 3 over a step: the evidence after each measurement, times that of the release's earlier segments. It may be looked at after every measurement, so it does not
 * matter when the platform looked.
 *
 * @param breach the first look at which a critical metric fails; null where there is none
 * @param restart the last look at which another one is too bad; null where there is none
 * @param latest what is known now
 */
record ErrorEvidence(CanaryMetric metric, Look breach, Instant restart, Look latest) {
    /** @param logEvidence of all segments together */
    record Look(Instant at, double logEvidence, Segment segment) {
        /** Far beyond any limit it is only said that it is. */
        double evidence() {
            return Math.min(Math.exp(logEvidence), 1e9);
        }
    }

    static ErrorEvidence scan(
            CanaryMetric metric,
            List<Segment> earlier,
            double share,
            List<Sample> candidate,
            List<Sample> baseline,
            Instant since,
            Duration hole) {
        List<Segment> segments = Segment.joined(earlier);
        boolean goesOn =
                !segments.isEmpty() && segments.get(segments.size() - 1).share() == share;
        Segment segment = goesOn ? segments.get(segments.size() - 1) : Segment.begin(share);
        double before = segments.subList(0, segments.size() - (goesOn ? 1 : 0)).stream()
                .mapToDouble(each -> each.logEvidence(metric.tolerated()))
                .sum();
        double limit = -Math.log(metric.alpha());
        Instant restart = null;
        Instant at = since;
        for (Concurrent.Both both : Concurrent.of(candidate, baseline, since, hole)) {
            segment = segment.and(both);
            at = both.end();
            // The bound spares the integral for all but a few looks.
            boolean possible =
                    before + segment.logEvidenceAtMost(metric.tolerated()) >= limit && matters(metric, segment);
            if (possible && before + segment.logEvidence(metric.tolerated()) >= limit) {
                restart = at;
                if (metric.critical()) {
                    Look breach = new Look(at, before + segment.logEvidence(metric.tolerated()), segment);
                    return new ErrorEvidence(metric, breach, restart, breach);
                }
            }
        }
        return new ErrorEvidence(
                metric, null, restart, new Look(at, before + segment.logEvidence(metric.tolerated()), segment));
    }

    private static boolean matters(CanaryMetric metric, Segment segment) {
        return segment.candidateRate() - segment.baselineRate() >= metric.minimumRate();
    }

    double limit() {
        return 1 / metric.alpha();
    }

    /** For a person: what speaks against the candidate, and at what it fails. */
    String figures(Look look) {
        return "errors %d of %d requests against %d of %d of the baseline, evidence %s that this is over %s times as often (limit %s)"
                .formatted(
                        look.segment().candidateErrors(),
                        look.segment().candidateRequests(),
                        look.segment().baselineErrors(),
                        look.segment().baselineRequests(),
                        Words.figure(look.evidence()),
                        Words.figure(metric.tolerated()),
                        Words.figure(limit()));
    }
}
