package dev.countersign.story;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** Spans for Zipkin and lines for OpenSearch, sent in batches as an agent beside a service does. */
final class Telemetry implements AutoCloseable {
    private static final String INDEX =
            """
            {"settings": {"number_of_shards": 1, "number_of_replicas": 0, "refresh_interval": "1s"},
             "mappings": {"properties": {"@timestamp": {"type": "date"}, "service": {"properties": {
               "name": {"type": "keyword"}, "version": {"type": "keyword"}}},
               "log": {"properties": {"level": {"type": "keyword"}}}, "message": {"type": "text"}}}}""";

    private final URI zipkin;
    private final URI openSearch;
    private final HttpClient client = HttpClient.newHttpClient();
    private final ConcurrentLinkedQueue<String> spans = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<String> lines = new ConcurrentLinkedQueue<>();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private final Future<?> sending;

    Telemetry(URI zipkin, URI openSearch) throws IOException {
        this.zipkin = zipkin;
        this.openSearch = openSearch;
        send(openSearch.resolve("/logs-targets"), "PUT", "application/json", INDEX);
        sending = clock.scheduleWithFixedDelay(this::flush, 500, 500, TimeUnit.MILLISECONDS);
    }

    /** @param parent null for the first span of a trace */
    record Span(String trace, String id, String parent, long beganMicros) {
        static Span root() {
            String id = random();
            return new Span(id, id, null, now());
        }

        static Span below(String trace, String parent) {
            return new Span(trace, random(), parent, now());
        }

        private static String random() {
            return HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE));
        }

        private static long now() {
            Instant now = Instant.now();
            return now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000;
        }
    }

    /** Answered well, and not done what was asked for. */
    void lost(TargetVersion version, Span span) {
        served(version, span, true, "ERROR", "not kept");
    }

    void served(TargetVersion version, Span span, boolean well) {
        served(version, span, well, well ? "INFO" : "ERROR", well ? "answered" : "refused");
    }

    private void served(TargetVersion version, Span span, boolean well, String level, String message) {
        spans.add(json(Map.of(
                        "traceId", span.trace(),
                        "id", span.id(),
                        "kind", "SERVER",
                        "name", "get /",
                        "timestamp", span.beganMicros(),
                        "duration", Math.max(1, Span.now() - span.beganMicros()),
                        "localEndpoint", Map.of("serviceName", version.service()),
                        "tags",
                                well
                                        ? Map.of("service.version", version.digest())
                                        : Map.of("service.version", version.digest(), "error", "500")))
                .replaceFirst("\\{", span.parent() == null ? "{" : "{\"parentId\":\"" + span.parent() + "\","));
        lines.add("{\"index\":{}}\n"
                + json(Map.of(
                        "@timestamp", Instant.now().toString(),
                        "service", Map.of("name", version.service(), "version", version.digest()),
                        "log", Map.of("level", level),
                        "message", message))
                + "\n");
    }

    private static String json(Map<String, Object> content) {
        try {
            return Api.JSON.writeValueAsString(content);
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private void flush() {
        try {
            List<String> batch = taken(spans);
            if (!batch.isEmpty()) {
                send(zipkin.resolve("/api/v2/spans"), "POST", "application/json", "[" + String.join(",", batch) + "]");
            }
            List<String> bulk = taken(lines);
            if (!bulk.isEmpty()) {
                send(openSearch.resolve("/logs-targets/_bulk"), "POST", "application/x-ndjson", String.join("", bulk));
            }
        } catch (IOException lost) {
            throw new java.io.UncheckedIOException(lost);
        }
    }

    private static List<String> taken(ConcurrentLinkedQueue<String> queue) {
        List<String> taken = new ArrayList<>();
        for (String next = queue.poll(); next != null; next = queue.poll()) {
            taken.add(next);
        }
        return taken;
    }

    private void send(URI to, String method, String type, String body) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(to)
                .header("Content-Type", type)
                .method(method, BodyPublishers.ofString(body))
                .build();
        try {
            int status = client.send(request, BodyHandlers.discarding()).statusCode();
            if (status >= 300) {
                throw new IOException(to + " answered " + status);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether everything was taken so far. */
    boolean isSending() {
        return !sending.isDone();
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
