package dev.countersign.observe;

import dev.countersign.observe.MetricsSource.Sample;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The measurements of one window in its blocks, read once for all metrics of a team's own canary configuration.
 *
 * @param keys of the values that were measured, by the metric's own name
 */
record OwnWindow(
        Blocks blocks, List<List<Sample>> candidate, List<List<Sample>> baseline, Map<String, Set<String>> keys) {
    static OwnWindow of(List<Sample> candidate, List<Sample> baseline, Instant from, Duration window) {
        Blocks blocks = Blocks.of(from, window);
        List<List<Sample>> own = blocks.split(candidate);
        List<List<Sample>> other = blocks.split(baseline);
        Map<String, Set<String>> keys = new HashMap<>();
        for (List<List<Sample>> side : List.of(own, other)) {
            side.forEach(
                    block -> block.forEach(sample -> sample.values().keySet().forEach(key -> {
                        String metric = ValueKeys.metric(key);
                        if (metric != null) {
                            keys.computeIfAbsent(metric, name -> new TreeSet<>())
                                    .add(key);
                        }
                    })));
        }
        return new OwnWindow(blocks, own, other, keys);
    }

    Set<String> keysOf(CanaryMetric metric) {
        return keys.getOrDefault(metric.ownName(), Set.of());
    }
}
