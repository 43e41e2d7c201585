package dev.countersign.observe;

import dev.countersign.observe.MetricsSource.Ask;
import dev.countersign.observe.MetricsSource.Counted;
import dev.countersign.observe.MetricsSource.Pace;
import dev.countersign.observe.MetricsSource.Query;
import dev.countersign.observe.MetricsSource.Sample;
import dev.countersign.observe.MetricsSource.Tally;
import dev.countersign.observe.MetricsSource.Valued;
import jakarta.annotation.PreDestroy;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** Asks the sources of many services at once, so that one that is stuck does not blind the platform for the others. */
@Component
class Sources {
    private static final Logger LOG = LoggerFactory.getLogger(Sources.class);
    private static final int AT_ONCE = 8;
    private final ObjectProvider<MetricsSource> sources;
    private final ObserveProperties properties;
    private final ThreadPoolExecutor readers;

    Sources(ObjectProvider<MetricsSource> sources, ObserveProperties properties) {
        this.sources = sources;
        this.properties = properties;
        this.readers =
                new ThreadPoolExecutor(AT_ONCE, AT_ONCE, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "metrics-reader");
                    thread.setDaemon(true);
                    return thread;
                });
        readers.allowCoreThreadTimeOut(true);
    }

    /** @param trouble why there is no answer; null where there is one, though it may be empty */
    record Answer(
            List<Sample> samples, List<Counted> counted, List<Valued> valued, Set<Query> answered, String trouble) {
        Answer(List<Sample> samples, List<Counted> counted, String trouble) {
            this(samples, counted, List.of(), Set.of(), trouble);
        }
    }

    /** @param trouble why there is no answer at all; null where there is one */
    record Tallied(List<Tally> tallies, String trouble) {}

    /** @param from for each service the time from which on its samples are wanted */
    Map<String, Answer> read(Map<String, Instant> from, Instant until) throws InterruptedException {
        return read(from, Map.of(), until);
    }

    /** @param queries for each service its business figures, asked in the same batch */
    Map<String, Answer> read(Map<String, Instant> from, Map<String, List<Query>> queries, Instant until)
            throws InterruptedException {
        return ask(
                from,
                (service, since) ->
                        sourceOf(service).measure(service, queries.getOrDefault(service, List.of()), since, until),
                (batch, trouble) -> batch == null
                        ? new Answer(List.of(), List.of(), trouble)
                        : new Answer(batch.samples(), batch.counted(), batch.valued(), batch.answered(), null));
    }

    /** @param asked for each service its objectives, counted by their own queries */
    Map<String, Tallied> count(Map<String, List<Ask>> asked, Instant until) throws InterruptedException {
        return ask(
                asked,
                (service, objectives) -> sourceOf(service).objectives(service, objectives, until),
                (tallies, trouble) -> new Tallied(tallies == null ? List.of() : tallies, trouble));
    }

    private interface Question<Q, A> {
        A ask(String service, Q what) throws IOException;
    }

    /** @param told makes the answer of what the source said, null where it did not, and of why it did not, null where it did */
    private <Q, A, R> Map<String, R> ask(Map<String, Q> asked, Question<Q, A> question, BiFunction<A, String, R> told)
            throws InterruptedException {
        List<Map.Entry<String, Q>> services = List.copyOf(asked.entrySet());
        List<Future<A>> answers = readers.invokeAll(
                services.stream()
                        .map(service -> (Callable<A>) () -> question.ask(service.getKey(), service.getValue()))
                        .toList(),
                properties.patience().toMillis(),
                TimeUnit.MILLISECONDS);
        Map<String, R> read = new LinkedHashMap<>();
        for (int index = 0; index < services.size(); index++) {
            read.put(services.get(index).getKey(), answer(answers.get(index), told));
        }
        return read;
    }

    /** Whether the service's objectives are counted by their own queries. */
    boolean asksObjectives(String service) {
        return sources.orderedStream()
                .filter(source -> source.serves(service))
                .findFirst()
                .map(MetricsSource::asksObjectives)
                .orElse(false);
    }

    /** What one count of the service's objectives covers. */
    Duration objectivesInterval(String service) {
        return sources.orderedStream()
                .filter(source -> source.serves(service))
                .findFirst()
                .map(MetricsSource::objectivesInterval)
                .orElse(Duration.ZERO);
    }

    /** Empty where the source does not answer in time. */
    Map<Query, List<Double>> seasons(String service, List<Query> queries, Instant hour) throws InterruptedException {
        Future<Map<Query, List<Double>>> asked =
                readers.submit(() -> sourceOf(service).seasons(service, queries, hour));
        try {
            return asked.get(properties.patience().toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException unanswered) {
            asked.cancel(true);
            LOG.warn("The source of {} tells nothing of the weeks before", service, unanswered);
            return Map.of();
        }
    }

    /** Whether any source measures the service. */
    boolean serve(String service) {
        return sources.orderedStream().anyMatch(source -> source.serves(service));
    }

    /** How measurements of the service come. */
    Pace paceOf(String service) {
        return sources.orderedStream()
                .filter(source -> source.serves(service))
                .findFirst()
                .map(MetricsSource::pace)
                .orElse(Pace.SECONDS);
    }

    private <A, R> R answer(Future<A> future, BiFunction<A, String, R> told) throws InterruptedException {
        try {
            return told.apply(future.get(), null);
        } catch (CancellationException late) {
            return told.apply(null, "no answer within " + Words.span(properties.patience()));
        } catch (ExecutionException failed) {
            String message = failed.getCause().getMessage();
            return told.apply(
                    null, message == null ? failed.getCause().getClass().getSimpleName() : message);
        }
    }

    private MetricsSource sourceOf(String service) {
        return sources.orderedStream()
                .filter(source -> source.serves(service))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no metrics source is configured for " + service));
    }

    @PreDestroy
    void stop() {
        readers.shutdownNow();
    }
}
