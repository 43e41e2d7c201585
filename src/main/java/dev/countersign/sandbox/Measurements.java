package dev.countersign.sandbox;

import dev.countersign.observe.Latencies;
import dev.countersign.observe.MetricsSource;
import java.io.IOException;
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
    private static final Query ORDERS = new Query("orders", "requests");
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

    void record(String service, String version, boolean error, boolean ordered, double milliseconds) {
        services.computeIfAbsent(service, name -> new OfService())
                .record(clock.instant().truncatedTo(ChronoUnit.SECONDS), version, error, ordered, milliseconds);
    }

    private List<Earned> earned(String service, Instant from, Instant to) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        OfService measured = services.get(service);
        return measured == null ? List.of() : measured.between(from, to.isBefore(now) ? to : now, now);
    }

    @Override
    public List<Sample> requests(String service, Instant from, Instant to) {
        return earned(service, from, to).stream().map(Earned::sample).toList();
    }

    /** Orders for each request: the only figure that the sample services have. */
    @Override
    public Batch measure(String service, List<Query> queries, Instant from, Instant to) throws IOException {
        for (Query query : queries) {
            if (!query.isValue() && !query.equals(ORDERS)) {
                throw new IOException(
                        "The sandbox counts orders per requests, not %s per %s".formatted(query.events(), query.per()));
            }
        }
        List<Earned> earned = earned(service, from, to);
        List<Counted> counted = queries.stream().allMatch(Query::isValue)
                ? List.of()
                : earned.stream()
                        .map(each -> new Counted(
                                ORDERS,
                                each.sample().at(),
                                SECOND,
                                each.sample().version(),
                                each.orders(),
                                each.sample().requests()))
                        .toList();
        return new Batch(earned.stream().map(Earned::sample).toList(), counted);
    }

    private record Earned(Sample sample, long orders) {}

    private final class OfService {
        private final Deque<Earned> complete = new ArrayDeque<>();
        private final Map<String, Second> current = new TreeMap<>();
        private Instant second = Instant.MIN;

        synchronized void record(Instant now, String version, boolean error, boolean ordered, double milliseconds) {
            turnTo(now);
            current.computeIfAbsent(version, digest -> new Second()).add(error, ordered, milliseconds);
        }

        synchronized List<Earned> between(Instant from, Instant to, Instant now) {
            turnTo(now);
            return complete.stream()
                    .filter(each -> !each.sample().at().isBefore(from)
                            && !each.sample().end().isAfter(to))
                    .toList();
        }

        private void turnTo(Instant now) {
            if (!now.equals(second)) {
                current.forEach((version, measured) ->
                        complete.add(new Earned(measured.sample(second, version), measured.orders)));
                current.clear();
                second = now;
                while (!complete.isEmpty() && complete.peek().sample().at().isBefore(now.minus(retention))) {
                    complete.remove();
                }
            }
        }
    }

    private static final class Second {
        private double[] milliseconds = new double[16];
        private int requests;
        private long errors;
        private long orders;

        void add(boolean error, boolean ordered, double took) {
            if (requests == milliseconds.length) {
                milliseconds = Arrays.copyOf(milliseconds, 2 * requests);
            }
            milliseconds[requests++] = took;
            errors += error ? 1 : 0;
            orders += ordered ? 1 : 0;
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
