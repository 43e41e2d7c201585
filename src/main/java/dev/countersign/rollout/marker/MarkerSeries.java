package dev.countersign.rollout.marker;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * The series {@code countersign_deployment_marker{service,version,phase}}: when it was last so, in seconds since 1970. Only the latest version of a service has
 * series, so that there are never more than four a service.
 */
@Component
class MarkerSeries {
    private static final String NAME = "countersign.deployment.marker";
    private final MarkerStore store;
    private final MeterRegistry meters;
    private final Map<String, OfVersion> services = new HashMap<>();

    MarkerSeries(MarkerStore store, MeterRegistry meters) {
        this.store = store;
        this.meters = meters;
    }

    private record Phase(Gauge gauge, AtomicLong at) {}

    private record OfVersion(String version, Map<String, Phase> phases) {}

    @EventListener(ApplicationReadyEvent.class)
    void recall() {
        store.latest().forEach(this::show);
    }

    synchronized void show(Marker marker) {
        OfVersion known = services.get(marker.service());
        if (known == null || !known.version().equals(marker.version())) {
            if (known != null) {
                known.phases().values().forEach(phase -> meters.remove(phase.gauge()));
            }
            known = new OfVersion(marker.version(), new HashMap<>());
            services.put(marker.service(), known);
        }
        known.phases()
                .computeIfAbsent(marker.phase(), phase -> register(marker))
                .at()
                .set(marker.at().getEpochSecond());
    }

    private Phase register(Marker marker) {
        AtomicLong at = new AtomicLong();
        Gauge gauge = Gauge.builder(NAME, at, AtomicLong::doubleValue)
                .description("When a release of the service last began, took a step, was promoted or rolled back")
                .baseUnit(null)
                .tags("service", marker.service(), "version", marker.version(), "phase", marker.phase())
                .register(meters);
        return new Phase(gauge, at);
    }
}
