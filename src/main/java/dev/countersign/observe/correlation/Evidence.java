package dev.countersign.observe.correlation;

import java.time.Instant;
import java.util.List;

/**
 * What was measured.
 *
 * @param signals of every service that may be concerned, beyond those that the traces give
 * @param versions errors of the released service by version, from whatever counts them all; empty where nothing does
 * @param gaps what is missing, in words: a source that did not answer, a sample that was cut
 */
public record Evidence(
        CallGraph graph, List<Trace> traces, List<Signal> signals, List<Versions> versions, List<String> gaps) {
    public Evidence {
        traces = List.copyOf(traces);
        signals = List.copyOf(signals);
        versions = List.copyOf(versions);
        gaps = List.copyOf(gaps);
    }

    /**
     * What went wrong with either version, interval by interval. Not as one sum: the share rises, so that most of what the candidate met is new, and whatever began late would seem to be its
     * doing.
     */
    public record Versions(String service, Signal.Kind kind, String source, List<Both> counts) {
        public Versions {
            counts = List.copyOf(counts);
        }

        Split since(Instant onset) {
            double[] sums = new double[4];
            for (Both both : counts) {
                if (!both.at().isBefore(onset)) {
                    sums[0] += both.candidateEvents();
                    sums[1] += both.candidateExposure();
                    sums[2] += both.stableEvents();
                    sums[3] += both.stableExposure();
                }
            }
            return new Split(service, kind, source, sums[0], sums[1], sums[2], sums[3]);
        }
    }

    /** Both versions in one interval. */
    public record Both(
            Instant at, double candidateEvents, double candidateExposure, double stableEvents, double stableExposure) {}

    /** What went wrong with requests through the candidate, and with those through the stable version at the same time. */
    public record Split(
            String service,
            Signal.Kind kind,
            String source,
            double candidateEvents,
            double candidateExposure,
            double stableEvents,
            double stableExposure) {
        double candidateRate() {
            return candidateExposure <= 0 ? 0 : candidateEvents / candidateExposure;
        }

        double stableRate() {
            return stableExposure <= 0 ? 0 : stableEvents / stableExposure;
        }
    }
}
