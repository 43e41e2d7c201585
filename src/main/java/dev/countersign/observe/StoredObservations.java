package dev.countersign.observe;

import static java.util.stream.Collectors.groupingBy;

import dev.countersign.catalog.Slo;
import dev.countersign.observe.MetricsSource.Sample;
import dev.countersign.observe.ObservationStore.Stored;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

@Service
class StoredObservations implements Observations {
    /** Samples that a reference is drawn from; seconds in the sandbox, an hour and more with a production source. */
    private static final int REFERENCE_SAMPLES = 300;

    private final ObservationStore store;
    private final Clock clock;

    StoredObservations(ObservationStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    @Override
    @Transactional
    public void begin(Order order, List<Slo> objectives) {
        Before before = before(order);
        store.insert(
                order,
                objectives.stream().map(Objective::of).toList(),
                before.referenceP95Ms(),
                before.last(),
                segmentsBefore(order),
                now());
    }

    /**
     * What the baseline had before everybody left it. Frozen when an observation begins: a verdict can be repeated.
     *
     * @param last null where the baseline is beside the candidate, and while a person decides on a release that nothing serves beside
     */
    private record Before(Double referenceP95Ms, List<BaselineLast> last) {}

    private Before before(Order order) {
        boolean stabilises = order.kind().equals("stabilisation");
        if (!stabilises && (order.baseline() == null || order.share() < 1)) {
            return new Before(null, null);
        }
        boolean asks = order.triggers().metrics().stream().anyMatch(AfterBaseline::concerns);
        BeforeEverybody rollout = asks || stabilises
                ? BeforeEverybody.of(order, store.ofRelease(order.releaseKey()))
                : BeforeEverybody.UNASKED;
        return new Before(
                stabilises ? referenceOf(order, rollout) : referenceOf(order, order.baseline()), rollout.last(order));
    }

    /** The step that gave everybody the candidate was held against the same. */
    private Double referenceOf(Order order, BeforeEverybody rollout) {
        Watched compared = rollout.compared().orElse(null);
        if (compared == null) {
            return null;
        }
        return compared.order().share() < 1
                ? referenceOf(order, compared.order().baseline())
                : compared.referenceP95Ms();
    }

    /** What earlier steps of the same two versions counted, so that evidence on errors multiplies across steps. Frozen here: a verdict can be repeated. */
    private List<Segment> segmentsBefore(Order order) {
        boolean evidence = order.triggers().metrics().stream().anyMatch(CanaryMetric::isOfErrors);
        if (!evidence || order.baseline() == null || order.share() >= 1) {
            return List.of();
        }
        return store.compared(order.releaseKey(), order.candidate(), order.baseline()).stream()
                .map(step -> Segment.of(
                        step.share(),
                        step.candidate(),
                        step.baseline(),
                        step.since(),
                        order.triggers().latencyWindow()))
                .toList();
    }

    /**
     * Where the candidate has everything there is no concurrent baseline: its slowest window in the last step in which it could be measured
     * stands in for it, because what was never concurrent differs by more than the release.
     */
    private Double referenceOf(Order order, String baseline) {
        Map<Long, List<Sample>> newest = new LinkedHashMap<>();
        store.latestBaseline(order.releaseKey(), baseline, REFERENCE_SAMPLES)
                .forEach(stored -> newest.computeIfAbsent(stored.observation(), step -> new ArrayList<>())
                        .add(stored.sample()));
        return newest.values().stream()
                .map(step -> slowestWindow(order, step))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    private static Double slowestWindow(Order order, List<Sample> step) {
        long window = order.triggers().latencyWindow().toMillis();
        return step.stream()
                .collect(groupingBy(sample -> Math.floorDiv(sample.at().toEpochMilli(), window)))
                .values()
                .stream()
                .filter(samples -> LatencyTrigger.requests(samples) >= LatencyTrigger.enough(order.triggers()))
                .map(LatencyTrigger::p95)
                .filter(Objects::nonNull)
                .max(Double::compare)
                .orElse(null);
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
    public Optional<Judgement> judgeAgain(String id) {
        Watched watched = store.find(id).orElse(null);
        if (watched == null || watched.observation().latest() == null) {
            return Optional.empty();
        }
        List<Stored> samples = store.samplesOf(List.of(watched.number()));
        return Judge.rule(Course.of(
                        watched,
                        side(samples, true),
                        side(samples, false),
                        watched.readUntil(),
                        watched.observation().latest().at(),
                        null,
                        watched.readings(),
                        watched.own()))
                .map(Ruling::judgement);
    }

    private static List<Sample> side(List<Stored> samples, boolean candidate) {
        return samples.stream()
                .filter(stored -> stored.candidate() == candidate)
                .map(Stored::sample)
                .toList();
    }

    @Override
    public List<Sample> samplesOf(String releaseKey) {
        return store.samplesOf(releaseKey).stream().map(Stored::sample).toList();
    }

    @Override
    public Plotted plotted(String releaseKey) {
        List<Watched> watched = store.ofRelease(releaseKey);
        return new Plotted(
                watched.stream().map(Watched::observation).toList(),
                watched.isEmpty() ? List.of() : new Plots(watched, store.drawnOf(releaseKey)).all());
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
