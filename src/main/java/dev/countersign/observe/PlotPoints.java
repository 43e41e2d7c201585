package dev.countersign.observe;

import dev.countersign.observe.MetricsSource.Sample;
import dev.countersign.observe.ObservationStore.Stored;
import dev.countersign.observe.Observations.Triggers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/** What the lines of each chart go through. */
final class PlotPoints {
    private static final int POINTS = 300;

    private final List<Watched> watched;
    private final List<Stored> samples;
    private final SortedMap<Long, Bucket> buckets = new TreeMap<>();

    /** Measurements of a moment; at the change of a step those of the new one say what is tolerated. */
    private static final class Bucket {
        private final List<Sample> candidate = new ArrayList<>();
        private final List<Sample> baseline = new ArrayList<>();
        private Watched watched;
    }

    /** @param samples by time */
    PlotPoints(List<Watched> watched, List<Stored> samples) {
        this.watched = watched;
        this.samples = samples;
        Map<Long, Watched> byNumber = new HashMap<>();
        watched.forEach(each -> byNumber.put(each.number(), each));
        long width = width();
        for (Stored each : samples) {
            long at = each.sample().at().toEpochMilli() / width * width;
            Bucket bucket = buckets.computeIfAbsent(at, key -> new Bucket());
            (each.candidate() ? bucket.candidate : bucket.baseline).add(each.sample());
            bucket.watched = byNumber.get(each.observation());
        }
    }

    /** Milliseconds of one point: at least the source's own interval, and wide enough for the chart. */
    private long width() {
        if (samples.isEmpty()) {
            return 1000;
        }
        long interval = samples.stream()
                .mapToLong(each -> each.sample().interval().toMillis())
                .max()
                .orElse(1000);
        long span = Duration.between(
                        samples.get(0).sample().at(),
                        samples.get(samples.size() - 1).sample().at())
                .toMillis();
        long needed = span / POINTS;
        return Math.max(1, interval) * Math.max(1, needed / Math.max(1, interval) + (needed > interval ? 1 : 0));
    }

    /** The comparison counts the errors of a step together, so what it tolerates follows all that the baseline had in it. */
    PlotColumns errors() {
        PlotColumns columns = new PlotColumns();
        Watched step = null;
        List<Sample> before = new ArrayList<>();
        for (Map.Entry<Long, Bucket> each : buckets.entrySet()) {
            Bucket bucket = each.getValue();
            if (bucket.watched != step) {
                step = bucket.watched;
                before = new ArrayList<>();
            }
            before.addAll(bucket.baseline);
            columns.add(
                    each.getKey(),
                    rate(bucket.candidate),
                    rate(bucket.baseline),
                    null,
                    tolerated(metric(step, CanaryMetric.ERROR_RATIO), rate(before)),
                    step.order().triggers().maxErrorRate());
        }
        return columns;
    }

    private static Double tolerated(CanaryMetric metric, Double baseline) {
        return metric == null || baseline == null
                ? null
                : Math.max(metric.tolerated() * baseline, baseline + metric.minimumRate());
    }

    private static Double rate(List<Sample> samples) {
        long requests = LatencyTrigger.requests(samples);
        return requests == 0
                ? null
                : (double) samples.stream().mapToLong(Sample::errors).sum() / requests;
    }

    PlotColumns latency(String name, boolean trigger) {
        double quantile = Integer.parseInt(name.substring(name.length() - 2)) / 100.0;
        PlotColumns columns = new PlotColumns();
        buckets.forEach((at, bucket) -> {
            Double baseline = LatencyTrigger.percentile(bucket.baseline, quantile);
            CanaryMetric metric = metric(bucket.watched, name);
            columns.add(
                    at,
                    LatencyTrigger.percentile(bucket.candidate, quantile),
                    baseline,
                    null,
                    metric == null || baseline == null
                            ? null
                            : baseline + ("less".equals(metric.worse()) ? -1 : 1) * metric.minimumShiftMs(),
                    trigger ? limit(bucket.watched, baseline) : null);
        });
        return columns;
    }

    /** Of several values that the metric tells apart their mean. */
    PlotColumns own(CanaryMetric asked) {
        PlotColumns columns = new PlotColumns();
        buckets.forEach((at, bucket) -> {
            Double baseline = mean(asked, bucket.baseline);
            CanaryMetric metric = metric(bucket.watched, asked.name());
            Double tolerated = metric == null || baseline == null
                    ? null
                    : baseline
                            * ("less".equals(metric.worse())
                                    ? metric.own().decrease()
                                    : metric.own().increase());
            columns.add(at, mean(asked, bucket.candidate), baseline, null, tolerated, null);
        });
        return columns;
    }

    private static Double mean(CanaryMetric metric, List<Sample> samples) {
        java.util.OptionalDouble mean = samples.stream()
                .flatMap(sample -> sample.values().entrySet().stream())
                .filter(value -> ValueKeys.isOf(metric, value.getKey()))
                .mapToDouble(Map.Entry::getValue)
                .average();
        return mean.isPresent() ? mean.getAsDouble() : null;
    }

    /** Over the concurrent baseline; or over what it took last, where it has no traffic any more. */
    private static Double limit(Watched step, Double baseline) {
        Triggers triggers = step.order().triggers();
        Double from = step.referenceP95Ms() != null ? step.referenceP95Ms() : baseline;
        return step.order().baseline() == null && !step.isStabilising() || from == null
                ? null
                : from + triggers.maxLatencyIncreaseMs();
    }

    /** The metric as this step compares it; null where it does not. */
    private static CanaryMetric metric(Watched step, String name) {
        boolean beside = step.order().baseline() != null && step.order().share() < 1;
        return !beside
                ? null
                : step.order().triggers().metrics().stream()
                        .filter(each -> each.name().equals(name) && !CanaryMetric.NOT_APPLIED.equals(each.rule()))
                        .findFirst()
                        .orElse(null);
    }

    PlotColumns signal(CanaryMetric metric) {
        PlotColumns columns = new PlotColumns();
        Map<Long, List<Stored>> byObservation = new HashMap<>();
        samples.stream().filter(each -> each.points() != null).forEach(each -> byObservation
                .computeIfAbsent(each.observation(), number -> new ArrayList<>())
                .add(each));
        for (Watched each : watched) {
            columns.gap(each.observation().since().toEpochMilli());
            Double limit = limit(metric, each);
            List<Stored> known = byObservation.getOrDefault(each.number(), List.of());
            for (Stored one : known) {
                add(columns, metric, one.sample().end().toEpochMilli(), one.points(), limit);
            }
            if (known.isEmpty()) {
                // Looked at before points were kept: how it stood in the end.
                add(
                        columns,
                        metric,
                        each.readUntil().toEpochMilli(),
                        SignalPoint.of(List.of(metric), each.readings()),
                        limit);
            }
        }
        return columns.thinned(POINTS);
    }

    /** What is tolerated of what the baseline had last; null where it is beside the candidate, or not held against that. */
    private static Double limit(CanaryMetric metric, Watched watched) {
        return watched.last() == null
                ? null
                : watched.last().stream()
                        .filter(each -> each.metric().equals(metric.name()))
                        .map(each ->
                                new SignalPoint(metric.name(), null, SignalPoint.value(metric, each.counts()), null))
                        .map(point -> tolerated(metric, point))
                        .filter(Objects::nonNull)
                        .findFirst()
                        .orElse(null);
    }

    private static void add(PlotColumns columns, CanaryMetric metric, long at, List<SignalPoint> points, Double limit) {
        points.stream()
                .filter(point -> point.metric().equals(metric.name()))
                .findFirst()
                .ifPresent(point -> columns.add(
                        at, point.candidate(), point.baseline(), point.median(), tolerated(metric, point), limit));
    }

    /** Of a figure that is held against both, the narrower one. */
    private static Double tolerated(CanaryMetric metric, SignalPoint point) {
        if (!metric.isOfKpi()) {
            Vital vital = Vital.ofMetric(metric.name());
            return point.baseline() == null
                    ? null
                    : point.baseline()
                            + (vital == Vital.JS_ERROR ? metric.minimumRate() : vital.told(metric.minimumShiftMs()));
        }
        boolean more = "more".equals(metric.worse());
        double part = 1 + (more ? 1 : -1) * metric.kpi().deviation();
        Double beside = point.baseline() == null ? null : point.baseline() * part;
        Double season = point.median() == null ? null : point.median() * part;
        if (beside == null || season == null) {
            return beside == null ? season : beside;
        }
        return more ? Math.min(beside, season) : Math.max(beside, season);
    }

    /** As it was judged then: over the window up to each point by its own queries, or by the requests that stood in for them. */
    PlotColumns objective(String name) {
        PlotColumns columns = new PlotColumns();
        long width = width();
        buckets.forEach((at, bucket) -> bucket.watched.objectives().stream()
                .filter(each -> each.name().equals(name) && (each.asksItself() || each.measurable()))
                .findFirst()
                .ifPresent(each -> {
                    Instant judged = Gaps.later(
                            bucket.watched.clockSince(),
                            Instant.ofEpochMilli(at + width)
                                    .minus(bucket.watched.order().window()));
                    OwnCount own = bucket.watched.own().stream()
                            .filter(count -> count.objective().equals(name) && !count.yieldedToRequests(each, judged))
                            .findFirst()
                            .orElse(null);
                    Objective.Ratio ratio = null;
                    if (own != null) {
                        ratio = own.between(Instant.ofEpochMilli(at), Instant.ofEpochMilli(at + width));
                    } else if (each.measurable()) {
                        ratio = each.measure(bucket.candidate);
                    }
                    columns.add(at, ratio == null ? null : 1 - ratio.value(), null, null, null, 1 - each.target());
                }));
        return columns;
    }
}
