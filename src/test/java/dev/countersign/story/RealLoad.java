package dev.countersign.story;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Users: a steady number of requests a second to each service through HAProxy, and never more than so many at once. */
final class RealLoad implements AutoCloseable {
    private static final int AT_ONCE = 64;
    private static final long BETWEEN_MS = 20;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(1))
            .build();
    private final ScheduledExecutorService clock = Executors.newScheduledThreadPool(2);
    private final Map<String, String> answeredBy = new ConcurrentHashMap<>();
    private final Map<String, Future<?>> users = new ConcurrentHashMap<>();

    void begin(TargetService service) {
        HttpRequest request = request(service);
        Semaphore room = new Semaphore(AT_ONCE);
        Future<?> sending = clock.scheduleAtFixedRate(
                () -> {
                    if (room.tryAcquire()) {
                        client.sendAsync(request, BodyHandlers.discarding()).whenComplete((answer, failed) -> {
                            room.release();
                            if (answer != null) {
                                answeredBy(service, answer);
                            }
                        });
                    }
                },
                0,
                BETWEEN_MS,
                TimeUnit.MILLISECONDS);
        users.put(service.name(), sending);
    }

    private static HttpRequest request(TargetService service) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + service.port() + "/"))
                .timeout(Duration.ofSeconds(3))
                .build();
    }

    private void answeredBy(TargetService service, HttpResponse<?> answer) {
        answer.headers().firstValue("X-Version").ifPresent(version -> answeredBy.put(service.name(), version));
    }

    /** The service's story is told: one more request, and no other. */
    void end(TargetService service) throws IOException, InterruptedException {
        users.get(service.name()).cancel(false);
        answeredBy.remove(service.name());
        answeredBy(service, client.send(request(service), BodyHandlers.discarding()));
    }

    /** Who answered the latest request. */
    String answeredBy(TargetService service) {
        return answeredBy.get(service.name());
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
