package dev.countersign.observe;

import dev.countersign.observe.MetricsSource.Sample;
import dev.countersign.observe.Observations.Order;
import dev.countersign.observe.Observations.Triggers;
import dev.countersign.observe.Sources.Answer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Service;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Measures the metrics of each step that begins, outside of the tick that judges it and outside of any transaction. */
@Service
class MeasuredFalseAlarms implements FalseAlarms {
    private static final Logger LOG = LoggerFactory.getLogger(MeasuredFalseAlarms.class);
    /** A source that fails is not asked for the rest of the day. */
    private static final int MOST_FAILURES = 2;

    private static final int MOST_STORED = 20_000;
    private final ObservationStore store;
    private final Sources sources;
    private final FalseAlarmProperties properties;
    private final ApplicationEventPublisher events;
    private final TransactionTemplate transaction;
    private final Clock clock;

    MeasuredFalseAlarms(
            ObservationStore store,
            Sources sources,
            FalseAlarmProperties properties,
            ApplicationEventPublisher events,
            PlatformTransactionManager transactions,
            Clock clock) {
        this.store = store;
        this.sources = sources;
        this.properties = properties;
        this.events = events;
        this.transaction = new TransactionTemplate(transactions);
        this.clock = clock;
    }

    /** Measures what has begun since the last time. One that cannot be measured does not keep the others waiting. */
    void look() throws InterruptedException {
        for (Watched step : store.unmeasured()) {
            Order order = step.order();
            try {
                store(
                        step,
                        order.baseline() == null
                                ? List.of()
                                : measure(
                                        order.service(),
                                        order.baseline(),
                                        order.share(),
                                        order.window(),
                                        order.triggers()));
            } catch (RuntimeException failed) {
                LOG.error("The metrics of {} could not be compared with themselves", order.id(), failed);
            }
        }
    }

    private void store(Watched step, List<FalseAlarm> measured) {
        transaction.executeWithoutResult(status -> {
            if (store.falseAlarms(step.number(), measured) == 1 && !measured.isEmpty()) {
                events.publishEvent(new Measured(step.order().id(), step.order().releaseKey(), measured));
            }
        });
    }

    @Override
    public List<FalseAlarm> measure(String service, String version, double share, Duration window, Triggers triggers)
            throws InterruptedException {
        List<CanaryMetric> applied = triggers.metrics().stream()
                .filter(metric -> metric.isOfErrors() || metric.isOfRanks() && !metric.isOwn())
                .toList();
        if (applied.isEmpty() || share <= 0 || share >= 1) {
            return List.of();
        }
        List<Sample> history = historyOf(service, version);
        return applied.stream()
                .map(metric -> AgainstItself.measure(metric, history, share, window, triggers))
                .toList();
    }

    /** What is stored of it, and what its source still knows. */
    private List<Sample> historyOf(String service, String version) throws InterruptedException {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        Instant from = now.minus(properties.history());
        Map<Instant, Sample> history = new TreeMap<>();
        store.baselineOf(service, version, from, MOST_STORED).forEach(sample -> history.put(sample.at(), sample));
        int failures = 0;
        for (Instant until = now;
                until.isAfter(from) && failures < MOST_FAILURES;
                until = until.minus(properties.chunk())) {
            Instant begin = Gaps.later(from, until.minus(properties.chunk()));
            Answer answer = sources.read(Map.of(service, begin), until).get(service);
            failures += answer.trouble() == null ? 0 : 1;
            answer.samples().stream()
                    .filter(sample -> sample.version().equals(version))
                    .forEach(sample -> history.putIfAbsent(sample.at(), sample));
        }
        return List.copyOf(history.values());
    }
}
