package dev.countersign.observe;

import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How long requests took, as counts per bucket. Unlike percentiles, buckets of neighbouring intervals can be added up, so that a
 * window's 95th percentile and the share of requests under an objective's threshold are computed and not averaged.
 *
 * @param counts requests by the bucket's upper bound in milliseconds, not cumulative
 */
public record Latencies(SortedMap<Double, Long> counts) {
    /** Upper bounds of our own measurements: 16 a decade from 0.1 ms to 100 s, round numbers so that usual thresholds fall on a bound. */
    private static final double[] STEPS = {1, 1.25, 1.5, 1.75, 2, 2.5, 3, 3.5, 4, 4.5, 5, 6, 7, 7.5, 8, 9};

    private static final double[] BOUNDS = bounds();

    /** Stands among the bounds where every bucket does, so that each begins where the one before it ends. */
    private static final Double ALL_LISTED = 0.0;

    public static final Latencies NONE = new Latencies(new TreeMap<>());

    public Latencies {
        counts = Collections.unmodifiableSortedMap(new TreeMap<>(counts));
    }

    /** Counts single measurements, in milliseconds. */
    public static Latencies of(double... milliseconds) {
        SortedMap<Double, Long> counts = new TreeMap<>();
        for (double each : milliseconds) {
            int found = Arrays.binarySearch(BOUNDS, each);
            int bucket = found >= 0 ? found : -found - 1;
            counts.merge(bucket < BOUNDS.length ? BOUNDS[bucket] : Double.POSITIVE_INFINITY, 1L, Long::sum);
        }
        return new Latencies(counts);
    }

    /**
     * Counts of another system's histogram.
     *
     * @param counts requests by the bucket's upper bound in milliseconds, not cumulative, the empty ones and the unbounded one too
     */
    public static Latencies ofBuckets(SortedMap<Double, Long> counts) {
        SortedMap<Double, Long> listed = new TreeMap<>(counts);
        listed.put(ALL_LISTED, 0L);
        return new Latencies(listed);
    }

    /** The text that {@link #toString} gave. */
    public static Latencies parse(String text) {
        SortedMap<Double, Long> counts = new TreeMap<>();
        for (String bucket : text.isEmpty() ? new String[0] : text.split(" ")) {
            int colon = bucket.indexOf(':');
            counts.put(Double.valueOf(bucket.substring(0, colon)), Long.valueOf(bucket.substring(colon + 1)));
        }
        return new Latencies(counts);
    }

    public static Latencies sum(Iterable<Latencies> all) {
        SortedMap<Double, Long> counts = new TreeMap<>();
        for (Latencies each : all) {
            each.counts.forEach((bound, count) -> counts.merge(bound, count, Long::sum));
        }
        return new Latencies(counts);
    }

    public long total() {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Requests that surely took no longer: a bucket that reaches beyond the threshold is not counted. */
    public long atMost(double milliseconds) {
        return counts.headMap(Math.nextUp(milliseconds)).values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    /**
     * Interpolated within its bucket, as Prometheus does.
     *
     * @param quantile 0.95 for the 95th percentile
     * @return milliseconds; null where nothing was measured
     */
    public Double percentile(double quantile) {
        long total = total();
        if (total == 0) {
            return null;
        }
        double rank = quantile * total;
        double below = 0;
        for (Map.Entry<Double, Long> bucket : counts.entrySet()) {
            if (below + bucket.getValue() >= rank) {
                double upper = bucket.getKey();
                double lower = lowerBound(upper);
                return Double.isInfinite(upper) ? lower : lower + (upper - lower) * (rank - below) / bucket.getValue();
            }
            below += bucket.getValue();
        }
        return counts.lastKey();
    }

    /** Whether the percentile lies in the unbounded bucket, so that {@link #percentile} is only what it exceeds. */
    boolean exceedsBounds(double quantile) {
        return total() > 0
                && counts.headMap(Double.POSITIVE_INFINITY).values().stream()
                                .mapToLong(Long::longValue)
                                .sum()
                        < quantile * total();
    }

    private double lowerBound(double upper) {
        if (counts.containsKey(ALL_LISTED)) {
            return counts.headMap(upper).lastKey();
        }
        int own = Arrays.binarySearch(BOUNDS, Math.min(upper, BOUNDS[BOUNDS.length - 1]));
        if (Double.isInfinite(upper)) {
            return BOUNDS[BOUNDS.length - 1];
        }
        if (own >= 0) {
            return own == 0 ? 0 : BOUNDS[own - 1];
        }
        SortedMap<Double, Long> lower = counts.headMap(upper);
        return lower.isEmpty() ? 0 : lower.lastKey();
    }

    private static double[] bounds() {
        double[] bounds = new double[6 * STEPS.length + 1];
        for (int decade = 0; decade < 6; decade++) {
            for (int step = 0; step < STEPS.length; step++) {
                // Division keeps the round numbers exact: 250, not 250.00000000000003.
                bounds[decade * STEPS.length + step] =
                        decade == 0 ? STEPS[step] / 10 : STEPS[step] * Math.pow(10, decade - 1);
            }
        }
        bounds[bounds.length - 1] = 100_000;
        return bounds;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        counts.forEach((bound, count) ->
                text.append(text.isEmpty() ? "" : " ").append(bound).append(':').append(count));
        return text.toString();
    }
}
