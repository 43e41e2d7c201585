package dev.countersign.fleet;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;

/** The counters of services that answer a steady stream of requests, a twentieth of it by their candidates, on one page for Prometheus. */
public final class MeasuredServices implements AutoCloseable {
    /** Requests a second to one service. */
    public static final int RATE = 100;

    private static final double SHARE = 0.05;
    private static final double[] BOUNDS = {0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5};
    /** How many of them are faster than each bound. */
    private static final double[] FASTER = {0.2, 0.6, 0.85, 0.95, 0.99, 0.998, 1, 1};

    private final long began = System.nanoTime();
    private final List<String> services;
    private final Map<String, Fault> faults = new ConcurrentHashMap<>();
    private final HttpServer server;

    private record Fault(long since, double errorRate) {}

    MeasuredServices(List<String> services) throws IOException {
        this.services = services;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, "measured-services");
            thread.setDaemon(true);
            return thread;
        }));
        server.createContext("/metrics", exchange -> {
            byte[] page = page().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4");
            exchange.sendResponseHeaders(200, page.length);
            try (OutputStream body = exchange.getResponseBody()) {
                body.write(page);
            }
        });
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    /** From now on so many of the candidate's answers are errors. */
    public void fail(String service, double errorRate) {
        faults.put(service, new Fault(System.nanoTime(), errorRate));
    }

    private String page() {
        long now = System.nanoTime();
        StringBuilder page = new StringBuilder(services.size() * 2_000);
        for (String service : services) {
            for (boolean candidate : new boolean[] {false, true}) {
                double all = seconds(began, now) * RATE * (candidate ? SHARE : 1 - SHARE);
                Fault fault = candidate ? faults.get(service) : null;
                double errors = fault == null ? 0 : seconds(fault.since(), now) * RATE * SHARE * fault.errorRate();
                String labels = "service=\"%s\",version=\"%s\"".formatted(service, Fleet.digest(service, candidate));
                line(page, "http_requests_total{" + labels + ",code=\"200\"}", Math.floor(all - errors));
                line(page, "http_requests_total{" + labels + ",code=\"500\"}", Math.floor(errors));
                for (int bound = 0; bound < BOUNDS.length; bound++) {
                    line(
                            page,
                            "http_request_duration_seconds_bucket{" + labels + ",le=\"" + BOUNDS[bound] + "\"}",
                            Math.floor(all * FASTER[bound]));
                }
                line(page, "http_request_duration_seconds_bucket{" + labels + ",le=\"+Inf\"}", Math.floor(all));
            }
        }
        return page.toString();
    }

    private static double seconds(long from, long to) {
        return (to - from) / 1e9;
    }

    private static void line(StringBuilder page, String series, double value) {
        page.append(series)
                .append(' ')
                .append(String.format(Locale.ROOT, "%.0f", value))
                .append('\n');
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
