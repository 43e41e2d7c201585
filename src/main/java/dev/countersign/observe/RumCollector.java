package dev.countersign.observe;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.springframework.stereotype.Component;

/**
 * Counts beacons of the present interval in memory. A page that tells its value again replaces what it told: the library does so whenever the page is hidden. What a
 * node has not stored is lost with it, an interval at most.
 */
@Component
class RumCollector {
    /** Pages whose last value is remembered, of all services. */
    private static final int REMEMBERED = 20_000;

    /** Labels that anybody can make up, of one service: what is sent for one keeps no other from being counted. */
    private static final int MOST_LABELS = 200;

    private final RumProperties properties;
    private final Clock clock;
    private final Map<Label, Counting> counting = new TreeMap<>();
    private final Map<String, Integer> labels = new HashMap<>();
    private final Map<String, Map<String, Double>> told = new HashMap<>();
    private int remembered;
    private Instant interval = Instant.EPOCH;
    private final List<RumCount> complete = new ArrayList<>();

    RumCollector(RumProperties properties, Clock clock) {
        this.properties = properties;
        this.clock = clock;
    }

    private record Label(String service, String version, Vital vital) implements Comparable<Label> {
        @Override
        public int compareTo(Label other) {
            return toString().compareTo(other.toString());
        }
    }

    private static final class Counting {
        private final SortedMap<Double, Long> buckets = new TreeMap<>();
        private long pages;

        void add(double value, long times) {
            pages += times;
            Latencies.of(value).counts().keySet().forEach(bound -> buckets.merge(bound, times, Long::sum));
        }
    }

    synchronized void take(String service, String version, List<RumBeacon> beacons) {
        turn();
        for (RumBeacon beacon : beacons) {
            Label label = new Label(service, version, beacon.vital());
            Counting counted = counting.get(label);
            if (counted == null) {
                if (labels.merge(service, 1, Integer::sum) > MOST_LABELS) {
                    labels.put(service, MOST_LABELS);
                    continue;
                }
                counted = new Counting();
                counting.put(label, counted);
            }
            Double before = beacon.id() == null ? null : remember(label, beacon);
            if (before != null) {
                counted.add(before, -1);
            }
            counted.add(beacon.value(), 1);
        }
    }

    /** What the page told before; null where it is not known. Forgotten is, oldest first, whoever is remembered most. */
    private Double remember(Label label, RumBeacon beacon) {
        Map<String, Double> own = told.computeIfAbsent(label.service(), each -> new LinkedHashMap<>(256, 0.75f, true));
        Double before = own.put(label + " " + beacon.id(), beacon.value());
        if (before == null && ++remembered > REMEMBERED) {
            Map<String, Double> most = told.values().stream()
                    .max(Comparator.comparingInt(Map::size))
                    .orElse(own);
            most.remove(most.keySet().iterator().next());
            remembered--;
        }
        return before;
    }

    /** What intervals that are over have counted; handed out once. */
    synchronized List<RumCount> complete() {
        turn();
        List<RumCount> handed = List.copyOf(complete);
        complete.clear();
        return handed;
    }

    /** They could not be stored, and are handed out again. */
    synchronized void back(List<RumCount> counts) {
        complete.addAll(counts);
    }

    private void turn() {
        long length = properties.interval().toMillis();
        Instant now = Instant.ofEpochMilli(Math.floorDiv(clock.millis(), length) * length);
        if (!now.equals(interval)) {
            counting.forEach((label, counted) -> complete.add(new RumCount(
                    label.service(),
                    label.version(),
                    label.vital(),
                    interval,
                    counted.pages,
                    new Latencies(counted.buckets))));
            counting.clear();
            labels.clear();
            interval = now;
        }
    }
}
