package dev.countersign.observe;

import dev.countersign.catalog.Catalog;
import dev.countersign.observe.MetricsSource.Sample;
import dev.countersign.observe.ObservationStore.Stored;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

@Service
class StoredObservations implements Observations {
    /** Samples that a reference is drawn from; seconds in the sandbox, an hour and more with a production source. */
    private static final int REFERENCE_SAMPLES = 300;

    private final ObservationStore store;
    private final Catalog catalog;
    private final Clock clock;

    StoredObservations(ObservationStore store, Catalog catalog, Clock clock) {
        this.store = store;
        this.catalog = catalog;
        this.clock = clock;
    }

    @Override
    @Transactional
    public void begin(Order order) {
        List<Objective> objectives = order.kind().equals("stabilisation")
                ? catalog.slosOf(order.service()).stream().map(Objective::of).toList()
                : List.of();
        store.insert(order, objectives, referenceOf(order), now());
    }

    /** A step that gives the candidate everything leaves no concurrent baseline: the one measured last stands in for it. */
    private Double referenceOf(Order order) {
        if (order.baseline() == null || order.share() < 1) {
            return null;
        }
        List<Sample> latest = store.latestBaseline(order.releaseKey(), order.baseline(), REFERENCE_SAMPLES);
        if (latest.isEmpty()) {
            return null;
        }
        Instant from = latest.get(0)
                .end()
                .minus(order.triggers()
                        .latencyWindow()
                        .multipliedBy(order.triggers().latencyWindows()));
        return LatencyTrigger.p95(
                latest.stream().filter(sample -> !sample.at().isBefore(from)).toList());
    }

    @Override
    @Transactional
    public void pause(String id) {
        store.pause(id);
    }

    @Override
    @Transactional
    public void resume(String id) {
        store.resume(id, now());
    }

    @Override
    @Transactional
    public void end(String id) {
        store.end(id);
    }

    @Override
    public Optional<Observation> find(String id) {
        return store.find(id).map(Watched::observation);
    }

    @Override
    public List<Observation> ofRelease(String releaseKey) {
        return store.ofRelease(releaseKey).stream().map(Watched::observation).toList();
    }

    @Override
    public List<Sample> samplesOf(String releaseKey) {
        return store.samplesOf(releaseKey).stream().map(Stored::sample).toList();
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
