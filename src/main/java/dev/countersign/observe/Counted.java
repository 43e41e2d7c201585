package dev.countersign.observe;

import dev.countersign.observe.LogSource.Lines;
import dev.countersign.observe.MetricsSource.Sample;
import dev.countersign.observe.correlation.Evidence.Both;
import dev.countersign.observe.correlation.Evidence.Versions;
import dev.countersign.observe.correlation.Question;
import dev.countersign.observe.correlation.Signal;
import dev.countersign.observe.correlation.Signal.Count;
import dev.countersign.observe.correlation.Signal.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/** Metrics and logs as counts: for each service over time, for the released one also by version since the candidate has traffic. */
final class Counted {
    private static final double USUAL = 0.95;
    private final Question question;
    private final List<Signal> signals = new ArrayList<>();
    private final List<Versions> versions = new ArrayList<>();

    Counted(Question question) {
        this.question = question;
    }

    List<Signal> signals() {
        return List.copyOf(signals);
    }

    List<Versions> versions() {
        return List.copyOf(versions);
    }

    void metrics(String service, List<Sample> samples) {
        count(service, Kind.ERRORS, samples, Sample::requests, Sample::errors);
        List<Sample> timed =
                samples.stream().filter(sample -> sample.latencies() != null).toList();
        Double limit = Latencies.sum(timed.stream()
                        .filter(sample -> !sample.end().isAfter(question.quietUntil()))
                        .map(Sample::latencies)
                        .toList())
                .percentile(USUAL);
        if (limit != null) {
            count(
                    service,
                    Kind.LATENCY,
                    timed,
                    sample -> sample.latencies().total(),
                    sample -> sample.latencies().total() - sample.latencies().atMost(limit));
        }
    }

    private void count(
            String service, Kind kind, List<Sample> samples, ToLongFunction<Sample> all, ToLongFunction<Sample> bad) {
        if (samples.isEmpty()) {
            return;
        }
        String source = "metrics";
        Totals totals = new Totals();
        for (Sample sample : samples) {
            totals.add(
                    sample.at(), sample.interval(), sample.version(), all.applyAsLong(sample), bad.applyAsLong(sample));
        }
        signals.add(new Signal(service, kind, source, totals.counts()));
        if (service.equals(question.service())) {
            versions.add(totals.versions(service, kind, source));
        }
    }

    void logs(List<Lines> lines) {
        Map<String, Totals> services = new TreeMap<>();
        for (Lines each : lines) {
            services.computeIfAbsent(each.service(), service -> new Totals())
                    .add(each.at(), each.length(), each.version(), each.all(), each.errors());
        }
        services.forEach((service, totals) -> {
            signals.add(new Signal(service, Kind.LOG_ERRORS, "logs", totals.counts()));
            if (service.equals(question.service())) {
                versions.add(totals.versions(service, Kind.LOG_ERRORS, "logs"));
            }
        });
    }

    private final class Totals {
        private final SortedMap<Instant, Count> counts = new TreeMap<>();
        private final SortedMap<Instant, double[]> both = new TreeMap<>();

        private void add(Instant at, Duration length, String version, long all, long bad) {
            if (at.isBefore(question.from()) || at.plus(length).isAfter(question.until())) {
                return;
            }
            counts.merge(
                    at,
                    new Count(at, length, all, bad),
                    (one, other) ->
                            new Count(at, length, one.exposure() + other.exposure(), one.events() + other.events()));
            if (!at.isBefore(question.began()) && !version.isEmpty()) {
                int side = question.candidate().contains(version) ? 0 : 2;
                double[] sums = both.computeIfAbsent(at, interval -> new double[4]);
                sums[side] += bad;
                sums[side + 1] += all;
            }
        }

        private List<Count> counts() {
            return List.copyOf(counts.values());
        }

        private Versions versions(String service, Kind kind, String source) {
            return new Versions(
                    service,
                    kind,
                    source,
                    both.entrySet().stream()
                            .map(interval -> new Both(
                                    interval.getKey(),
                                    interval.getValue()[0],
                                    interval.getValue()[1],
                                    interval.getValue()[2],
                                    interval.getValue()[3]))
                            .toList());
        }
    }
}
