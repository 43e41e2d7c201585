package dev.countersign.observe.prometheus;

import dev.countersign.observe.Latencies;
import dev.countersign.observe.MetricsSource.Counted;
import dev.countersign.observe.MetricsSource.Query;
import dev.countersign.observe.MetricsSource.Sample;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Turns counts by version and status, and buckets by version and bound, into samples. */
final class Measured {
    private static final Pattern DIGITS = Pattern.compile("[0-9a-f]{64}");
    /** Milliseconds. */
    private static final double NARROWEST = 1e-9;

    private final PrometheusProperties properties;
    private final Pattern error;

    Measured(PrometheusProperties properties) {
        this.properties = properties;
        this.error = Pattern.compile(properties.errorStatus());
    }

    private static final class Counts {
        private double requests;
        private double errors;
    }

    List<Sample> samples(Matrix requests, Matrix latencies) throws IOException {
        Map<Instant, Map<String, Counts>> counts = new TreeMap<>();
        for (Matrix.Series series : requests.series()) {
            String version = version(series);
            // Errors are told by the label and not by a second query: one that is misspelt would find none, for ever.
            boolean isError =
                    error.matcher(label(series, properties.statusLabel())).matches();
            series.points().forEach((at, value) -> {
                Counts of = counts.computeIfAbsent(at, time -> new TreeMap<>())
                        .computeIfAbsent(version, digest -> new Counts());
                of.requests += value;
                of.errors += isError ? value : 0;
            });
        }
        Map<Instant, Map<String, SortedMap<Double, Double>>> buckets = buckets(latencies);
        Map<Instant, Map<String, SortedMap<Double, Double>>> natives = natives(latencies);
        List<Sample> samples = new ArrayList<>();
        for (Map.Entry<Instant, Map<String, Counts>> ofTime : counts.entrySet()) {
            for (Map.Entry<String, Counts> ofVersion : ofTime.getValue().entrySet()) {
                SortedMap<Double, Double> cumulative =
                        buckets.getOrDefault(ofTime.getKey(), Map.of()).get(ofVersion.getKey());
                samples.add(sample(
                        ofTime.getKey(),
                        ofVersion.getKey(),
                        ofVersion.getValue(),
                        cumulative == null
                                ? nativeLatencies(natives.getOrDefault(ofTime.getKey(), Map.of())
                                        .get(ofVersion.getKey()))
                                : latencies(cumulative)));
            }
        }
        return List.copyOf(samples);
    }

    /** A unit without an event counts as none; an event without a unit cannot be held against anything. */
    List<Counted> counted(Query query, Matrix events, Matrix per) throws IOException {
        Map<Instant, Map<String, Double>> counts = byVersion(events);
        // No series at all may be a figure that is misspelt, or one that nobody has brought about yet: neither is known
        // to be zero.
        if (events.series().isEmpty()) {
            return List.of();
        }
        List<Counted> counted = new ArrayList<>();
        for (Map.Entry<Instant, Map<String, Double>> ofTime : byVersion(per).entrySet()) {
            for (Map.Entry<String, Double> ofVersion : ofTime.getValue().entrySet()) {
                double earned = counts.getOrDefault(ofTime.getKey(), Map.of()).getOrDefault(ofVersion.getKey(), 0.0);
                counted.add(new Counted(
                        query,
                        ofTime.getKey().minus(properties.interval()),
                        properties.interval(),
                        ofVersion.getKey(),
                        earned,
                        ofVersion.getValue()));
            }
        }
        counted.sort(Comparator.comparing(Counted::at));
        return counted;
    }

    private Map<Instant, Map<String, Double>> byVersion(Matrix matrix) throws IOException {
        Map<Instant, Map<String, Double>> counts = new TreeMap<>();
        for (Matrix.Series series : matrix.series()) {
            String version = version(series);
            series.points().forEach((at, value) -> counts.computeIfAbsent(at, time -> new TreeMap<>())
                    .merge(version, value, Double::sum));
        }
        return counts;
    }

    /** Of all versions, by time. */
    static Map<Instant, Double> sums(Matrix matrix) {
        Map<Instant, Double> sums = new TreeMap<>();
        matrix.series().forEach(series -> series.points().forEach((at, value) -> sums.merge(at, value, Double::sum)));
        return sums;
    }

    private Sample sample(Instant evaluated, String version, Counts counts, Latencies latencies) {
        long requests = Math.round(counts.requests);
        return new Sample(
                evaluated.minus(properties.interval()),
                properties.interval(),
                version,
                requests,
                Math.min(requests, Math.round(counts.errors)),
                latencies == null ? null : latencies.percentile(0.5),
                latencies == null ? null : latencies.percentile(0.95),
                latencies == null ? null : latencies.percentile(0.99),
                latencies);
    }

    private Map<Instant, Map<String, SortedMap<Double, Double>>> buckets(Matrix latencies) throws IOException {
        double unit = "seconds".equals(properties.latencyUnit()) ? 1000 : 1;
        Map<Instant, Map<String, SortedMap<Double, Double>>> buckets = new TreeMap<>();
        for (Matrix.Series series : latencies.series()) {
            if (series.points().isEmpty()) {
                continue; // a native one
            }
            String version = version(series);
            double bound = bound(label(series, "le"), unit);
            series.points().forEach((at, value) -> buckets.computeIfAbsent(at, time -> new TreeMap<>())
                    .computeIfAbsent(version, digest -> new TreeMap<>())
                    .merge(bound, value, Double::sum));
        }
        return buckets;
    }

    /** Native histograms have no bounds of their own to ask for: they come as they are, not cumulative. */
    private Map<Instant, Map<String, SortedMap<Double, Double>>> natives(Matrix latencies) throws IOException {
        double unit = "seconds".equals(properties.latencyUnit()) ? 1000 : 1;
        Map<Instant, Map<String, SortedMap<Double, Double>>> natives = new TreeMap<>();
        for (Matrix.Series series : latencies.series()) {
            if (series.histograms().isEmpty()) {
                continue;
            }
            String version = version(series);
            series.histograms().forEach((at, found) -> {
                SortedMap<Double, Double> of = natives.computeIfAbsent(at, time -> new TreeMap<>())
                        .computeIfAbsent(version, digest -> new TreeMap<>());
                // The narrowest bucket around zero must not fall together with zero.
                found.forEach((bound, count) -> of.merge(Math.max(NARROWEST, bound * unit), count, Double::sum));
            });
        }
        return natives;
    }

    /** Rounded where they add up, so that the whole is right and not each bucket. */
    private static Latencies nativeLatencies(SortedMap<Double, Double> buckets) {
        if (buckets == null) {
            return null;
        }
        SortedMap<Double, Long> counts = new TreeMap<>();
        double upTo = 0;
        long before = 0;
        for (Map.Entry<Double, Double> bucket : buckets.entrySet()) {
            upTo += bucket.getValue();
            counts.put(bucket.getKey(), Math.round(upTo) - before);
            before = Math.round(upTo);
        }
        return Latencies.ofBuckets(counts);
    }

    /** A cumulative count below that of a smaller bound is raised to it, as Prometheus itself does: increases are extrapolated for each bucket. */
    private static Latencies latencies(SortedMap<Double, Double> cumulative) throws IOException {
        if (!Double.isInfinite(cumulative.lastKey())) {
            throw new IOException("Prometheus answered a histogram without its bucket +Inf");
        }
        SortedMap<Double, Long> counts = new TreeMap<>();
        long below = 0;
        for (Map.Entry<Double, Double> bucket : cumulative.entrySet()) {
            long upTo = Math.max(below, Math.round(bucket.getValue()));
            counts.put(bucket.getKey(), upTo - below);
            below = upTo;
        }
        return Latencies.ofBuckets(counts);
    }

    private static double bound(String le, double unit) throws IOException {
        try {
            double bound = "+Inf".equals(le) ? Double.POSITIVE_INFINITY : Double.parseDouble(le) * unit;
            if (bound > 0) {
                // Thresholds are compared with bounds: 2.3 s are 2300 ms and not 2299.9999999999995.
                return Double.isInfinite(bound) ? bound : Math.round(bound * 1e6) / 1e6;
            }
        } catch (NumberFormatException noNumber) {
            throw new IOException("Prometheus answered a bucket with the bound '" + le + "'", noNumber);
        }
        throw new IOException("Prometheus answered a bucket with the bound '" + le + "'");
    }

    /** {@code sha256:…} where the label is a digest in one of its usual forms; else as it is, which no release runs under. */
    private String version(Matrix.Series series) throws IOException {
        return digest(label(series, properties.versionLabel()));
    }

    static String digest(String label) {
        String digest = label.substring(label.lastIndexOf('@') + 1);
        return DIGITS.matcher(digest).matches() ? "sha256:" + digest : digest;
    }

    private static String label(Matrix.Series series, String name) throws IOException {
        String value = series.labels().get(name);
        if (value == null || value.isEmpty()) {
            throw new IOException("Prometheus answered a series without the label '%s': what it counts cannot be told"
                    .formatted(name));
        }
        return value;
    }
}
