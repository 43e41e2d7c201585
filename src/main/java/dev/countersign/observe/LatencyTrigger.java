package dev.countersign.observe;

import dev.countersign.observe.MetricsSource.Sample;
import dev.countersign.observe.Observations.Triggers;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The absolute trigger on latency: the candidate's 95th percentile over that of the concurrent baseline by more than the limit, in so
 * many of the latest windows. Windows follow each other from the begin of the observation.
 *
 * @param breach the first window that completed the breach, or the last where it does not roll back; null where there is none
 * @param restart end of the last window that was over the limit or could not be compared, or of the breach where it does not roll back; null where there is none
 * @param held windows within the limit since then
 * @param latest null until one could be compared
 */
record LatencyTrigger(Window breach, Instant restart, int held, Window latest) {
    /**
     * @param candidateMs no more than what it exceeds, where it is more than its source can tell
     * @param baselineMs the concurrent baseline's, or the reference where the step leaves the baseline no traffic
     * @param untold whether it is more than its source can tell
     */
    record Window(Instant end, double candidateMs, double baselineMs, long requests, boolean untold) {
        double increase() {
            return candidateMs - baselineMs;
        }
    }

    static final String REFERENCE = "the baseline's slowest window before everybody left it";

    /** What it is held against. */
    static String baseline(Course course) {
        return course.referenceP95Ms() == null ? "the baseline" : REFERENCE;
    }

    static LatencyTrigger of(Course course) {
        return scan(
                course.candidate(),
                course.baseline(),
                course.referenceP95Ms(),
                course.order().triggers(),
                course.since(),
                course.until(),
                course.isStabilising());
    }

    /** @param goesOn a breach only begins the window anew, and nothing else does: the latest is kept, and what is slower than its source can tell is over the limit */
    static LatencyTrigger scan(
            List<Sample> candidate,
            List<Sample> baseline,
            Double referenceMs,
            Triggers triggers,
            Instant since,
            Instant until,
            boolean goesOn) {
        long length = triggers.latencyWindow().toMillis();
        int complete = (int) Math.max(0, (until.toEpochMilli() - since.toEpochMilli()) / length);
        List<List<Sample>> ofCandidate = split(candidate, since, length, complete);
        List<List<Sample>> ofBaseline = split(baseline, since, length, complete);
        long enough = enough(triggers);
        Deque<Boolean> recent = new ArrayDeque<>();
        Instant restart = null;
        Window latest = null;
        Window breach = null;
        int held = 0;
        for (int index = 0; index < complete; index++) {
            Instant end = since.plusMillis((index + 1) * length);
            Window window = compare(end, ofCandidate.get(index), ofBaseline.get(index), referenceMs, enough);
            boolean over = window != null
                    && (window.increase() > triggers.maxLatencyIncreaseMs() || goesOn && window.untold());
            if (!over && window != null && window.untold()) {
                window = null; // slower than its source can tell: nobody knows that this is within the limit
            }
            latest = window == null ? latest : window;
            recent.addLast(over);
            if (recent.size() > triggers.latencyWindows()) {
                recent.removeFirst();
            }
            if (over && recent.stream().filter(each -> each).count() >= triggers.latencyBreaches()) {
                if (!goesOn) {
                    return new LatencyTrigger(window, end, 0, window);
                }
                breach = window;
            }
            held = window == null || over ? 0 : held + 1;
            restart = held == 0 ? end : restart;
        }
        return goesOn
                ? new LatencyTrigger(breach, breach == null ? null : breach.end(), held, latest)
                : new LatencyTrigger(null, restart, held, latest);
    }

    /** The trigger window's minimum, in proportion: a percentile of a handful of requests says nothing. */
    static long enough(Triggers triggers) {
        double share = (double) triggers.latencyWindow().toMillis()
                / triggers.errorWindow().toMillis();
        return Math.max(1, (long) Math.ceil(triggers.minRequests() * share));
    }

    /** Null where either side has too little to compare. */
    private static Window compare(
            Instant end, List<Sample> candidate, List<Sample> baseline, Double referenceMs, long enough) {
        Double own = requests(candidate) < enough ? null : p95(candidate);
        Double other = referenceMs != null ? referenceMs : requests(baseline) < enough ? null : p95(baseline);
        return own == null || other == null
                ? null
                : new Window(end, own, other, requests(candidate), exceedsBounds(candidate));
    }

    private static List<List<Sample>> split(List<Sample> samples, Instant since, long length, int complete) {
        List<List<Sample>> windows = new ArrayList<>(complete);
        for (int index = 0; index < complete; index++) {
            windows.add(new ArrayList<>());
        }
        for (Sample sample : samples) {
            long index = Math.floorDiv(sample.at().toEpochMilli() - since.toEpochMilli(), length);
            if (index >= 0 && index < complete) {
                windows.get((int) index).add(sample);
            }
        }
        return windows;
    }

    static long requests(List<Sample> samples) {
        return samples.stream().mapToLong(Sample::requests).sum();
    }

    private static boolean exceedsBounds(List<Sample> samples) {
        return Latencies.sum(samples.stream()
                        .map(Sample::latencies)
                        .filter(java.util.Objects::nonNull)
                        .toList())
                .exceedsBounds(0.95);
    }

    /** From the added buckets; where a source gives percentiles only, their mean weighted by requests. Null without any. */
    static Double p95(List<Sample> samples) {
        return percentile(samples, 0.95);
    }

    /** @param quantile 0.5, 0.95 or 0.99: what sources give where they give percentiles only */
    static Double percentile(List<Sample> samples, double quantile) {
        List<Sample> measured =
                samples.stream().filter(sample -> sample.requests() > 0).toList();
        if (!measured.isEmpty() && measured.stream().allMatch(sample -> sample.latencies() != null)) {
            return Latencies.sum(measured.stream().map(Sample::latencies).toList())
                    .percentile(quantile);
        }
        if (measured.isEmpty() || measured.stream().anyMatch(sample -> given(sample, quantile) == null)) {
            return null;
        }
        double weighted = measured.stream()
                .mapToDouble(sample -> given(sample, quantile) * sample.requests())
                .sum();
        double mean = weighted / requests(measured);
        return Double.isFinite(mean) ? Double.valueOf(mean) : null; // NaN exceeds no limit
    }

    private static Double given(Sample sample, double quantile) {
        return quantile == 0.5
                ? sample.latencyP50Ms()
                : quantile == 0.95 ? sample.latencyP95Ms() : quantile == 0.99 ? sample.latencyP99Ms() : null;
    }
}
