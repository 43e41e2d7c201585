package dev.countersign.observe;

import dev.countersign.observe.MetricsSource.Pace;
import dev.countersign.observe.MetricsSource.Sample;
import jakarta.annotation.PreDestroy;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** Asks the sources of many services at once, so that one that is stuck does not blind the platform for the others. */
@Component
class Sources {
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
    record Answer(List<Sample> samples, String trouble) {}

    /** @param from for each service the time from which on its samples are wanted */
    Map<String, Answer> read(Map<String, Instant> from, Instant until) throws InterruptedException {
        List<Map.Entry<String, Instant>> services = List.copyOf(from.entrySet());
        List<Future<List<Sample>>> answers = readers.invokeAll(
                services.stream()
                        .map(service -> (java.util.concurrent.Callable<List<Sample>>)
                                () -> sourceOf(service.getKey()).requests(service.getKey(), service.getValue(), until))
                        .toList(),
                properties.patience().toMillis(),
                TimeUnit.MILLISECONDS);
        Map<String, Answer> read = new LinkedHashMap<>();
        for (int index = 0; index < services.size(); index++) {
            read.put(services.get(index).getKey(), answer(answers.get(index)));
        }
        return read;
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

    private Answer answer(Future<List<Sample>> future) throws InterruptedException {
        try {
            return new Answer(future.get(), null);
        } catch (CancellationException late) {
            return new Answer(List.of(), "no answer within " + Words.span(properties.patience()));
        } catch (ExecutionException failed) {
            String message = failed.getCause().getMessage();
            return new Answer(
                    List.of(), message == null ? failed.getCause().getClass().getSimpleName() : message);
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
