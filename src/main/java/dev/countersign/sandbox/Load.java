package dev.countersign.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/** The sample services' users: a bounded, steady load on the router, and the stopwatch beside it. */
@InSandbox
@ConditionalOnProperty(name = "countersign.sandbox.load.enabled", matchIfMissing = true)
@Component
class Load implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(Load.class);
    /** Short, so that requests come one by one: in a burst the later ones would wait for the earlier. */
    private static final Duration BEAT = Duration.ofMillis(20);

    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final int BEATS_BETWEEN_LOOKS_AT_CATALOG = 250;
    /** More answers outstanding than this means that the target is stuck; further requests would only queue here. */
    private static final int OUTSTANDING = 500;

    private final SandboxTargets targets;
    private final Measurements measurements;
    private final SandboxPages pages;
    private final ObjectMapper json;
    private final SandboxProperties properties;
    private final Clock clock;
    private final Map<String, Double> credit = new HashMap<>();
    private final AtomicInteger outstanding = new AtomicInteger();
    private ScheduledExecutorService pacer;
    private int beats;

    Load(
            SandboxTargets targets,
            Measurements measurements,
            SandboxPages pages,
            ObjectMapper json,
            SandboxProperties properties,
            Clock clock) {
        this.targets = targets;
        this.measurements = measurements;
        this.pages = pages;
        this.json = json;
        this.properties = properties;
        this.clock = clock;
    }

    @Override
    public synchronized void start() {
        pacer = Executors.newSingleThreadScheduledExecutor(new SandboxThreads());
        pacer.scheduleAtFixedRate(this::beat, BEAT.toMillis(), BEAT.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void beat() {
        try {
            if (beats++ % BEATS_BETWEEN_LOOKS_AT_CATALOG == 0) {
                targets.follow();
            }
            for (Target target : targets.all()) {
                boolean busy = target.busy(clock.instant(), properties.activeAfter());
                call(target.state().service(), busy ? properties.activeRate() : properties.idleRate());
            }
        } catch (IOException | RuntimeException failure) {
            // One bad beat must not silence the load: a scheduled task that throws is never run again.
            LOG.warn("The sandbox's load missed a beat", failure);
        }
    }

    private void call(String service, double rate) {
        double due = credit.getOrDefault(service, 0.0) + rate * BEAT.toMillis() / 1000;
        int whole = (int) due;
        for (int request = 0; request < whole; request++) {
            if (outstanding.get() < OUTSTANDING) {
                send(service);
            }
        }
        credit.put(service, due - whole);
    }

    private void send(String service) {
        HttpRequest request = HttpRequest.newBuilder(targets.proxy().address("/" + service + "/"))
                .timeout(PATIENCE)
                .build();
        outstanding.incrementAndGet();
        long sent = System.nanoTime();
        targets.client()
                .sendAsync(request, HttpResponse.BodyHandlers.ofByteArray())
                .whenComplete((answer, failure) -> {
                    outstanding.decrementAndGet();
                    if (answer != null) {
                        measure(service, answer, (System.nanoTime() - sent) / 1e6);
                    }
                });
    }

    private void measure(String service, HttpResponse<byte[]> answer, double milliseconds) {
        answer.headers().firstValue(TargetVersion.DIGEST_HEADER).ifPresent(version -> {
            JsonNode page = page(answer);
            boolean ordered = page.path("orderPlaced").asBoolean();
            measurements.record(service, version, answer.statusCode() >= 500, ordered, milliseconds);
            pages.shown(service, version, page);
        });
    }

    private JsonNode page(HttpResponse<byte[]> answer) {
        try {
            return answer.statusCode() == 200 ? json.readTree(answer.body()) : MissingNode.getInstance();
        } catch (IOException noPage) {
            return MissingNode.getInstance();
        }
    }

    @Override
    public synchronized void stop() {
        pacer.shutdownNow();
        pacer = null;
    }

    @Override
    public synchronized boolean isRunning() {
        return pacer != null;
    }

    /** Starts after the targets, stops before them. */
    @Override
    public int getPhase() {
        return 0;
    }
}
