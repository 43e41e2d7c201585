package dev.countersign.sandbox;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** One running version of a sample service: a small HTTP server on loopback that knows its digest and has its faults. */
final class TargetVersion implements AutoCloseable {
    static final String DIGEST_HEADER = "X-Artifact-Digest";
    private static final String JOURNEYS = "/journeys/";
    private static final double CONVERSION = 0.3;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String service;
    private final String version;
    private final String digest;
    private final HttpServer server;
    private final ScheduledExecutorService work;
    private final EvenShare failing = new EvenShare();
    private final EvenShare ordering = new EvenShare();
    private volatile Faults faults;

    TargetVersion(String service, String version, String digest, Faults faults, ScheduledExecutorService work)
            throws IOException {
        this.service = service;
        this.version = version;
        this.digest = digest;
        this.faults = faults;
        this.work = work;
        this.server = Loopback.server();
        server.setExecutor(work);
        server.createContext("/", this::answer);
        server.start();
    }

    String digest() {
        return digest;
    }

    int port() {
        return server.getAddress().getPort();
    }

    void suffer(Faults changed) {
        this.faults = changed;
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        if (path.equals("/health") || path.equals("/version")) {
            send(exchange, 200, Map.of("service", service, "version", version, "digest", digest, "status", "UP"));
        } else if (faults.addedLatencyMs() > 0) {
            // Answered later by another thread: a slow version must not hold the few threads of the others.
            work.schedule(() -> serveLater(exchange, path), faults.addedLatencyMs(), TimeUnit.MILLISECONDS);
        } else {
            serve(exchange, path);
        }
    }

    private void serveLater(HttpExchange exchange, String path) {
        try {
            serve(exchange, path);
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }

    private void serve(HttpExchange exchange, String path) throws IOException {
        boolean broken = path.startsWith(JOURNEYS)
                ? path.substring(JOURNEYS.length()).equals(faults.failingJourney())
                : failing.next(faults.errorRate());
        if (broken) {
            send(exchange, 500, Map.of("service", service, "error", "injected fault"));
            return;
        }
        Map<String, Object> page = new LinkedHashMap<>();
        page.put("service", service);
        page.put("version", version);
        page.put("orderPlaced", ordering.next(CONVERSION * (1 - faults.kpiDrop())));
        page.put(
                "vitals",
                Map.of("lcpMs", 1800 + faults.addedLatencyMs(), "inpMs", 90, "cls", 0.04 + faults.clsShift()));
        send(exchange, 200, page);
    }

    private void send(HttpExchange exchange, int status, Map<String, ?> body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.getResponseHeaders().set(DIGEST_HEADER, digest);
        Loopback.answer(exchange, status, JSON.writeValueAsBytes(body));
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
