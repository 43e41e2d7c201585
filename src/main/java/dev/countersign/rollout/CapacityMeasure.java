package dev.countersign.rollout;

import dev.countersign.catalog.Capacity;
import dev.countersign.catalog.Capacity.Amount;
import dev.countersign.catalog.Capacity.Resource;
import dev.countersign.observe.SeriesSource;
import dev.countersign.rollout.CapacityForecast.Figure;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** Forecasts from the metrics source what both versions of a service will use. What is not known is said, and is never room. */
@Component
class CapacityMeasure {
    private static final Duration STEP = Duration.ofMinutes(5);
    /** What was measured longer ago says nothing of now. */
    private static final Duration RECENT = Duration.ofMinutes(20);

    private final List<SeriesSource> sources;
    private final Clock clock;

    CapacityMeasure(ObjectProvider<SeriesSource> sources, Clock clock) {
        this.sources = sources.orderedStream().toList();
        this.clock = clock;
    }

    CapacityForecast forecast(String service, List<Capacity> declared, RolloutPlan plan, CapacityLimits limits) {
        if (declared.isEmpty()) {
            return CapacityForecast.unknown(
                    "NO_DATA",
                    "Nothing in processes/capacity says how the capacity of %s is told".formatted(service),
                    limits);
        }
        SeriesSource source = sources.stream()
                .filter(each -> each.serves(service))
                .findFirst()
                .orElse(null);
        if (source == null) {
            return CapacityForecast.unknown("NO_DATA", "No metrics source answers queries for " + service, limits);
        }
        try {
            List<Figure> figures = new ArrayList<>();
            long whole = limits.peak().dividedBy(STEP);
            long measured = whole;
            for (Capacity capacity : declared) {
                Told told = told(source, capacity, plan, limits);
                figures.addAll(told.figures());
                measured = Math.min(measured, told.measured());
            }
            return CapacityForecast.of(figures, measured, whole, limits);
        } catch (Unmeasured missing) {
            return CapacityForecast.unknown("NO_DATA", missing.getMessage(), limits);
        } catch (IOException silent) {
            return CapacityForecast.unknown("ERROR", String.valueOf(silent.getMessage()), limits);
        }
    }

    /** @param measured moments of the resource that was measured least */
    private record Told(List<Figure> figures, long measured) {}

    private Told told(SeriesSource source, Capacity capacity, RolloutPlan plan, CapacityLimits limits)
            throws IOException {
        Instant now = clock.instant();
        List<String> queries = new ArrayList<>();
        capacity.resources().forEach(resource -> queries.add(resource.utilisation()));
        if (capacity.stable().query() != null) {
            queries.add(capacity.stable().query());
        }
        if (capacity.candidate().query() != null) {
            queries.add(capacity.candidate().query());
        }
        List<SortedMap<Instant, Double>> answers = source.series(queries, now.minus(limits.peak()), now, STEP);
        int next = capacity.resources().size();
        SortedMap<Instant, Double> stable = capacity.stable().query() == null ? null : answers.get(next++);
        SortedMap<Instant, Double> candidate = capacity.candidate().query() == null ? null : answers.get(next);
        double stableNow = replicas("stable", capacity.stable(), stable, now);
        double candidateNow = replicas("candidate", capacity.candidate(), candidate, now);
        List<Figure> figures = new ArrayList<>();
        long measured = Long.MAX_VALUE;
        for (int i = 0; i < capacity.resources().size(); i++) {
            Resource resource = capacity.resources().get(i);
            SortedMap<Instant, Double> used = answers.get(i);
            latest("the utilisation of " + resource.name(), used, now);
            DualVersionLoad load = new DualVersionLoad(
                    resource.name(),
                    resource.use(),
                    used,
                    stable == null ? constant(used, stableNow) : stable,
                    stableNow,
                    candidateNow);
            requireMeasured(resource, load, limits);
            measured = Math.min(measured, load.measured());
            figures.addAll(load.at(plan, limits.maximum()));
        }
        return new Told(figures, measured);
    }

    private static SortedMap<Instant, Double> constant(SortedMap<Instant, Double> at, double value) {
        SortedMap<Instant, Double> constant = new TreeMap<>();
        at.keySet().forEach(moment -> constant.put(moment, value));
        return constant;
    }

    private static double replicas(String version, Amount amount, SortedMap<Instant, Double> answered, Instant now)
            throws Unmeasured {
        double replicas = amount.query() == null
                ? amount.number().doubleValue()
                : latest("the replicas, " + version + ",", answered, now);
        if (!(replicas >= 1)) {
            throw new Unmeasured("There is no replica of the %s version to carry anything".formatted(version));
        }
        return replicas;
    }

    private static double latest(String what, SortedMap<Instant, Double> points, Instant now) throws Unmeasured {
        if (points.isEmpty()) {
            throw new Unmeasured("Nothing was measured for " + what);
        }
        if (points.lastKey().isBefore(now.minus(RECENT))) {
            throw new Unmeasured("Nothing was measured for %s since %s".formatted(what, points.lastKey()));
        }
        return points.get(points.lastKey());
    }

    private static void requireMeasured(Resource resource, DualVersionLoad load, CapacityLimits limits)
            throws Unmeasured {
        long whole = limits.peak().dividedBy(STEP);
        if (load.measured() < whole * limits.measured()) {
            throw new Unmeasured(
                    "The utilisation of %s was measured at %d of %d moments of %s, less than %.0f %% of them"
                            .formatted(
                                    resource.name(), load.measured(), whole, limits.peak(), limits.measured() * 100));
        }
    }

    /** The source answers, and has not measured it. */
    private static final class Unmeasured extends IOException {
        private static final long serialVersionUID = 1L;

        Unmeasured(String message) {
            super(message);
        }
    }
}
