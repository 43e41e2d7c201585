package dev.countersign.observe.correlation;

import java.util.List;

/**
 * What was measured.
 *
 * @param signals of every service that may be concerned, beyond those that the traces give
 * @param split errors of the released service by version, from whatever counts them all; empty where nothing does
 * @param gaps what is missing, in words: a source that did not answer, a sample that was cut
 */
public record Evidence(
        CallGraph graph, List<Trace> traces, List<Signal> signals, List<Split> split, List<String> gaps) {
    public Evidence {
        traces = List.copyOf(traces);
        signals = List.copyOf(signals);
        split = List.copyOf(split);
        gaps = List.copyOf(gaps);
    }

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
