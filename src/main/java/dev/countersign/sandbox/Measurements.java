package dev.countersign.sandbox;

import dev.countersign.observe.Latencies;
import dev.countersign.observe.MetricsSource;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Component;

/** What the load got back from the router, per version and second of the answer, kept for a bounded time. */
@InSandbox
@Component
class Measurements implements MetricsSource {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private final Map<String, OfService> services = new ConcurrentHashMap<>();
    private final SandboxTargets targets;
    private final Clock clock;
    private final Duration retention;

    Measurements(SandboxTargets targets, Clock clock, SandboxProperties properties) {
        this.targets = targets;
        this.clock = clock;
        this.retention = properties.retention();
    }

    @Override
    public boolean serves(String service) {
        return targets.has(service);
    }

    void record(String service, String version, boolean error, double milliseconds) {
        services.computeIfAbsent(service, name -> new OfService())
                .record(clock.instant().truncatedTo(ChronoUnit.SECONDS), version, error, milliseconds);
    }

    @Override
    public List<Sample> requests(String service, Instant from, Instant to) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        OfService measured = services.get(service);
        return measured == null ? List.of() : measured.between(from, to.isBefore(now) ? to : now, now);
    }

    private final class OfService {
        private final Deque<Sample> complete = new ArrayDeque<>();
        private final Map<String, Second> current = new TreeMap<>();
        private Instant second = Instant.MIN;

        synchronized void record(Instant now, String version, boolean error, double milliseconds) {
            turnTo(now);
            current.computeIfAbsent(version, digest -> new Second()).add(error, milliseconds);
        }

        synchronized List<Sample> between(Instant from, Instant to, Instant now) {
            turnTo(now);
            return complete.stream()
                    .filter(sample ->
                            !sample.at().isBefore(from) && !sample.end().isAfter(to))
                    .toList();
        }

        private void turnTo(Instant now) {
            if (!now.equals(second)) {
                current.forEach((version, measured) -> complete.add(measured.sample(second, version)));
                current.clear();
                second = now;
                while (!complete.isEmpty() && complete.peek().at().isBefore(now.minus(retention))) {
                    complete.remove();
                }
            }
        }
    }

    private static final class Second {
        private double[] milliseconds = new double[16];
        private int requests;
        private long errors;

        void add(boolean error, double took) {
            if (requests == milliseconds.length) {
                milliseconds = Arrays.copyOf(milliseconds, 2 * requests);
            }
            milliseconds[requests++] = took;
            errors += error ? 1 : 0;
        }

        Sample sample(Instant second, String version) {
            double[] sorted = Arrays.copyOf(milliseconds, requests);
            Arrays.sort(sorted);
            return new Sample(
                    second,
                    SECOND,
                    version,
                    requests,
                    errors,
                    nearestRank(sorted, 0.50),
                    nearestRank(sorted, 0.95),
                    nearestRank(sorted, 0.99),
                    Latencies.of(sorted));
        }

        private static double nearestRank(double[] sorted, double quantile) {
            return sorted[(int) Math.ceil(quantile * sorted.length) - 1];
        }
    }
}
