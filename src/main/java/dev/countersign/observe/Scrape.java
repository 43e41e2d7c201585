package dev.countersign.observe;

import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** What one scrape answers: gauges with their labels. What is not known has no sample, rather than a zero. */
public final class Scrape {
    private static final String PREFIX = "countersign_";
    private final Map<String, GaugeSnapshot.Builder> gauges = new LinkedHashMap<>();

    Scrape() {}

    /**
     * @param name without the prefix {@code countersign_}
     * @param value null adds nothing
     * @param labels names and values in turn
     */
    public void gauge(String name, String help, Double value, String... labels) {
        if (value == null) {
            return;
        }
        gauges.computeIfAbsent(
                        name,
                        first -> GaugeSnapshot.builder().name(PREFIX + name).help(help))
                .dataPoint(GaugeDataPointSnapshot.builder()
                        .value(value)
                        .labels(Labels.of(labels))
                        .build());
    }

    /** Seconds since 1970; the name shall end in {@code _timestamp_seconds}. */
    public void time(String name, String help, Instant at, String... labels) {
        gauge(name, help, at == null ? null : at.toEpochMilli() / 1000.0, labels);
    }

    MetricSnapshots snapshots() {
        MetricSnapshots.Builder all = MetricSnapshots.builder();
        gauges.values().forEach(gauge -> all.metricSnapshot(gauge.build()));
        return all.build();
    }
}
