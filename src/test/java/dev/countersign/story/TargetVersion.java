package dev.countersign.story;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** One version of a service that runs: answers on its port, counts what it answers for Prometheus, and has the faults that its program has. */
final class TargetVersion implements AutoCloseable {
    /** Sent by a version that orders what its dependency cannot deliver. */
    static final String IMPOSSIBLE = "X-Impossible";

    /**
     * @param failsEach one of so many requests is answered with 500; 0 for none
     * @param slower milliseconds that each answer takes longer
     * @param failsJourney the path of the users' journey is broken
     * @param ordersEach one of so many requests becomes an order
     * @param spoils asks its dependency for what that fails on, and says nothing of it
     * @param losesInSilence answers well, and only its log says that nothing was kept
     * @param waiting so many stand in its queue: more than before, and less than what an alert is about
     */
    record Program(
            int failsEach,
            long slower,
            boolean failsJourney,
            int ordersEach,
            boolean spoils,
            boolean losesInSilence,
            int waiting) {
        static final Program SOUND = new Program(0, 0, false, 1, false, false, 0);

        static Program failing(int each) {
            return new Program(each, 0, false, 1, false, false, 0);
        }

        static Program slow(long milliseconds) {
            return new Program(0, milliseconds, false, 1, false, false, 0);
        }

        static Program withBrokenJourney() {
            return new Program(0, 0, true, 1, false, false, 0);
        }

        static Program losingOrders() {
            return new Program(0, 0, false, 2, false, false, 0);
        }

        static Program spoiling() {
            return new Program(0, 0, false, 1, true, false, 0);
        }

        static Program lettingWait(int waiting) {
            return new Program(0, 0, false, 1, false, false, waiting);
        }

        static Program losingInSilence() {
            return new Program(0, 0, false, 1, false, true, 0);
        }
    }

    /** What a version does for each request beside answering. Completes with whether it went well. */
    interface Work {
        Work NONE = (version, exchange) -> CompletableFuture.completedFuture(true);

        CompletableFuture<Boolean> of(TargetVersion version, HttpExchange exchange);
    }

    private final String service;
    private final String digest;
    private volatile Program program;
    private final Work work;
    private final Exposition exposition;
    private final AtomicLong asked = new AtomicLong();
    private final ExecutorService threads = Executors.newFixedThreadPool(4);
    private final HttpServer server;

    TargetVersion(String service, String digest, Program program, Work work, int port) throws IOException {
        this.service = service;
        this.digest = digest;
        this.program = program;
        this.work = work;
        this.exposition = new Exposition(service, digest);
        exposition.queue(program.waiting());
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.createContext("/health", exchange -> send(exchange, 200));
        server.createContext("/journey", exchange -> send(exchange, program.failsJourney() ? 500 : 200));
        server.createContext("/metrics", exchange -> {
            byte[] text = exposition.text().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4");
            exchange.sendResponseHeaders(200, text.length);
            exchange.getResponseBody().write(text);
            exchange.close();
        });
        server.start();
    }

    String service() {
        return service;
    }

    String digest() {
        return digest;
    }

    boolean spoils() {
        return program.spoils();
    }

    boolean losesInSilence() {
        return program.losesInSilence();
    }

    /** As one that finds its faults only while it runs. */
    void become(Program other) {
        program = other;
    }

    /** So many wait in its queue from now on. */
    void queue(int waiting) {
        exposition.queue(waiting);
    }

    private void answer(HttpExchange exchange) {
        long number = asked.incrementAndGet();
        long began = System.nanoTime();
        boolean fails = program.failsEach() > 0 && number % program.failsEach() == 0;
        CompletableFuture<Boolean> done = work.of(this, exchange);
        if (program.slower() > 0) {
            done = done.thenApplyAsync(
                    went -> went, CompletableFuture.delayedExecutor(program.slower(), TimeUnit.MILLISECONDS, threads));
        }
        done.whenComplete((went, broken) -> {
            int status = fails || broken != null || !went ? 500 : 200;
            exposition.count(status, (System.nanoTime() - began) / 1e9, number % program.ordersEach() == 0);
            send(exchange, status);
        });
    }

    /** One packet: a body of its own would wait for an acknowledgement. */
    private void send(HttpExchange exchange, int status) {
        try (exchange) {
            exchange.getResponseHeaders().set("X-Version", digest);
            exchange.sendResponseHeaders(status, -1);
        } catch (IOException clientGone) {
            // Whoever asked does not wait any more.
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
