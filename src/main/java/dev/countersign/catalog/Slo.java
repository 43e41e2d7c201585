package dev.countersign.catalog;

import java.time.Duration;
import java.util.Map;

/**
 * One objective of a service level objective, read from OpenSLO v1.
 *
 * @param name of the SLO; where it has several objectives, followed by {@code /1}, {@code /2} in the file's order
 * @param kind what it speaks of: {@code availability}, {@code latency} or {@code errors}; {@code unspecified} where the file does not
 *     tell, which no source can measure
 * @param target for example 0.995; ratio of good to all
 * @param thresholdMs for latency: a request counts as good below this many milliseconds; null otherwise
 * @param window the rolling window; a calendar window counts as a rolling one of its length, months as 30 days
 * @param digest of the file's exact bytes, so that a release can hold to the version it began with
 * @param objective the objective's display name, or null
 * @param budgeting {@code Occurrences}, {@code Timeslices} or {@code RatioTimeslices}
 * @param timeSliceTarget ratio of good to all that makes a slice a good one; null unless {@code Timeslices}
 * @param timeSliceWindow length of a slice; null with {@code Occurrences}
 * @param queries the source's queries by {@code good}, {@code bad}, {@code total}, {@code raw} or {@code threshold}
 * @param file where it is written
 */
public record Slo(
        String name,
        String service,
        String kind,
        double target,
        Double thresholdMs,
        Duration window,
        String digest,
        String objective,
        String budgeting,
        Double timeSliceTarget,
        Duration timeSliceWindow,
        Map<String, String> queries,
        String file) {

    /** An objective counted by occurrences, as most are. */
    public Slo(
            String name,
            String service,
            String kind,
            double target,
            Double thresholdMs,
            Duration window,
            String digest) {
        this(name, service, kind, target, thresholdMs, window, digest, null, "Occurrences", null, null, Map.of(), null);
    }
}
