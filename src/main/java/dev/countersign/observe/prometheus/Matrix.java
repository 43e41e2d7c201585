package dev.countersign.observe.prometheus;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/** The answer to a query: series on the grid that was asked for, or at the one time of an instant query. No series is an answer too: nothing was measured. */
record Matrix(List<Series> series) {
    Matrix {
        series = List.copyOf(series);
    }

    /**
     * @param points by the time at which they were evaluated; what is absent there was not measured
     * @param histograms the same of a native histogram, not cumulative, by each bucket's upper bound; a bound below which nothing lies is there too
     */
    record Series(
            Map<String, String> labels,
            SortedMap<Instant, Double> points,
            SortedMap<Instant, SortedMap<Double, Double>> histograms) {}
}
