package dev.countersign.observe;

import dev.countersign.catalog.Slo;
import dev.countersign.observe.Budget.Count;
import dev.countersign.observe.MetricsSource.Events;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How events make the counts of an objective (OpenSLO v1, budgeting method): occurrences count themselves; a time slice counts one, good where enough of its events
 * were; a ratio time slice counts its ratio, so that a quiet slice weighs as much as a busy one. A slice without events counts nothing.
 *
 * @param length of a slice; of occurrences the interval in which they are summed
 * @param target with time slices, ratio of good to all that makes a slice a good one
 */
record Slices(String budgeting, Duration length, Double target) {
    /** Longer slices would not be seen by the windows of burn rates. */
    static final Duration LONGEST = Duration.ofHours(1);

    private static final Duration MINUTE = Duration.ofMinutes(1);

    static Slices of(Slo slo) {
        return new Slices(
                slo.budgeting(), slo.timeSliceWindow() == null ? MINUTE : slo.timeSliceWindow(), slo.timeSliceTarget());
    }

    boolean isTooLong() {
        return length.compareTo(LONGEST) > 0;
    }

    /** The beginning of the slice in which this time lies. */
    Instant floor(Instant at) {
        long seconds = length.toSeconds();
        return Instant.ofEpochSecond(Math.floorDiv(at.getEpochSecond(), seconds) * seconds);
    }

    Instant ceil(Instant at) {
        Instant floor = floor(at);
        return floor.equals(at) ? at : floor.plus(length);
    }

    /** @param events of whole slices, in any order */
    List<Count> counts(List<Events> events) {
        Map<Instant, double[]> slices = new TreeMap<>();
        for (Events each : events) {
            double[] sums = slices.computeIfAbsent(floor(each.at()), start -> new double[2]);
            sums[0] += each.good();
            sums[1] += each.total();
        }
        List<Count> counts = new ArrayList<>();
        slices.forEach((start, sums) -> {
            if (sums[1] > 0) {
                counts.add(count(start, sums[0], sums[1]));
            }
        });
        return counts;
    }

    private Count count(Instant start, double good, double total) {
        return switch (budgeting) {
            case "Timeslices" -> new Count(false, start, good / total >= target ? 1 : 0, 1);
            case "RatioTimeslices" -> new Count(false, start, good / total, 1);
            default -> new Count(false, start, good, total);
        };
    }
}
