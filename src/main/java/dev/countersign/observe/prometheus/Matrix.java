package dev.countersign.observe.prometheus;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/** The answer to a range query: series of finite values on the grid that was asked for. No series is an answer too: nothing was measured. */
record Matrix(List<Series> series) {
    Matrix {
        series = List.copyOf(series);
    }

    /** @param points by the time at which they were evaluated; what is absent there was not measured */
    record Series(Map<String, String> labels, SortedMap<Instant, Double> points) {}
}
