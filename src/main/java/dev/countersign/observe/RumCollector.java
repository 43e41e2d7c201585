package dev.countersign.observe;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
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
    /** Pages whose last value is remembered. */
    private static final int REMEMBERED = 20_000;

    /** Labels that anybody can make up. */
    private static final int MOST_LABELS = 200;

    private final RumProperties properties;
    private final Clock clock;
    private final Map<Label, Counting> counting = new TreeMap<>();
    private final Map<String, Told> told = new LinkedHashMap<>(256, 0.75f, true);
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

    private record Told(Label label, double value) {}

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
            if (!counting.containsKey(label) && counting.size() >= MOST_LABELS) {
                continue;
            }
            String page = beacon.id() == null ? null : label + " " + beacon.id();
            Told before = page == null ? null : told.remove(page);
            if (before != null) {
                counting.computeIfAbsent(label, each -> new Counting()).add(before.value(), -1);
            }
            counting.computeIfAbsent(label, each -> new Counting()).add(beacon.value(), 1);
            if (page != null) {
                told.put(page, new Told(label, beacon.value()));
                if (told.size() > REMEMBERED) {
                    told.remove(told.keySet().iterator().next());
                }
            }
        }
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
            interval = now;
        }
    }
}
