package dev.countersign.observe;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;

/** Where series of numbers come from that a policy's file names by a query in the source's own language. */
public interface SeriesSource {
    /** Whether this source measures the service. */
    boolean serves(String service);

    /**
     * What each query answers with, in their order: its one series by time, on a grid that ends not later than {@code to}. What was not measured is absent; empty where
     * nothing was.
     *
     * @param step of the grid
     * @throws IOException when the source does not answer, or with something else than one series of numbers from 0 on for a query
     */
    List<SortedMap<Instant, Double>> series(List<String> queries, Instant from, Instant to, Duration step)
            throws IOException;
}
