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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** One running version of a sample service: a small HTTP server on loopback that knows its digest and has its faults. */
final class TargetVersion implements AutoCloseable {
    private static final String SERVICE = "service";
    static final String DIGEST_HEADER = "X-Artifact-Digest";
    private static final String JOURNEYS = "/journeys/";
    private static final int LONGEST_ORDER = 4_096;
    private static final double CONVERSION = 0.3;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String service;
    /** The one that the sample services have. */
    private static final String JOURNEY = "buy";

    private final String version;
    private final String digest;
    private final HttpServer server;
    private final ScheduledExecutorService work;
    private final EvenShare failing = new EvenShare();
    private final EvenShare ordering = new EvenShare();
    private final AtomicInteger orders = new AtomicInteger();
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
            send(exchange, 200, Map.of(SERVICE, service, "version", version, "digest", digest, "status", "UP"));
        } else if (faults.addedLatencyMs() > 0 && !path.startsWith(JOURNEYS)) {
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
        if (path.startsWith(JOURNEYS)) {
            journey(exchange, path.substring(JOURNEYS.length()).split("/"));
            return;
        }
        if (failing.next(faults.errorRate())) {
            send(exchange, 500, Map.of(SERVICE, service, "error", "injected fault"));
            return;
        }
        Map<String, Object> page = new LinkedHashMap<>();
        page.put(SERVICE, service);
        page.put("version", version);
        page.put("orderPlaced", ordering.next(CONVERSION * (1 - faults.kpiDrop())));
        page.put(
                "vitals",
                Map.of("lcpMs", 1800 + faults.addedLatencyMs(), "inpMs", 90, "cls", 0.04 + faults.clsShift()));
        send(exchange, 200, page);
    }

    /** A user takes a basket, orders what is in it and looks at the order. */
    private void journey(HttpExchange exchange, String[] path) throws IOException {
        boolean ofOrders = path.length > 1 && path[1].equals("orders");
        if (path.length == 0 || path.length > 3 || path.length > 1 && !ofOrders) {
            send(exchange, 404, Map.of(SERVICE, service));
        } else if (fails(path[0])) {
            send(exchange, 500, Map.of(SERVICE, service, "error", "injected fault"));
        } else if (path.length == 1) {
            send(exchange, 200, Map.of(SERVICE, service, "version", version, "basket", basket()));
        } else if (path.length == 2) {
            order(exchange);
        } else {
            boolean known = IntStream.rangeClosed(1, orders.get())
                    .mapToObj(String::valueOf)
                    .anyMatch(path[2]::equals);
            send(exchange, known ? 200 : 404, Map.of(SERVICE, service, "state", known ? "placed" : "unknown"));
        }
    }

    /** A fault that names no journey that there is breaks each of them: it was set so that something fails. */
    private boolean fails(String journey) {
        String failing = faults.failingJourney();
        return failing != null && !failing.isBlank() && (failing.equals(journey) || !JOURNEY.equals(failing));
    }

    private void order(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readNBytes(LONGEST_ORDER);
        String wanted = "POST".equals(exchange.getRequestMethod())
                ? JSON.readTree(body).path("basket").asText()
                : "";
        if (!wanted.equals(basket())) {
            send(exchange, 422, Map.of(SERVICE, service, "error", "this is no basket of ours"));
            return;
        }
        String number = "order-" + orders.incrementAndGet();
        exchange.getResponseHeaders().set("Location", exchange.getRequestURI().getPath() + "/" + number);
        send(exchange, 201, Map.of(SERVICE, service, "basket", wanted, "order", number));
    }

    private String basket() {
        return "basket-" + version;
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
