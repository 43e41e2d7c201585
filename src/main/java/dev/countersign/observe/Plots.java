package dev.countersign.observe;

import dev.countersign.observe.MetricsSource.Sample;
import dev.countersign.observe.ObservationStore.Stored;
import dev.countersign.observe.Observations.Judgement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** All metrics of a release that the judge watches, from what is stored: none is asked for by itself. */
final class Plots {
    private final List<Watched> watched;
    private final Map<Long, List<Stored>> stored = new HashMap<>();
    private final PlotPoints points;
    private final Map<String, CanaryMetric> metrics = new LinkedHashMap<>();
    private final Map<String, MetricLook> looks;

    /** @param samples by time */
    Plots(List<Watched> watched, List<Stored> samples) {
        this.watched = watched;
        samples.forEach(each -> stored.computeIfAbsent(each.observation(), number -> new ArrayList<>())
                .add(each));
        this.points = new PlotPoints(watched, samples);
        for (Watched each : watched) {
            each.order().triggers().metrics().stream()
                    .filter(metric -> !CanaryMetric.NOT_APPLIED.equals(metric.rule()))
                    .forEach(metric -> metrics.put(metric.name(), metric));
        }
        this.looks = looks();
    }

    /** What needs eyes first. */
    List<MetricPlot> all() {
        List<MetricPlot> all = new ArrayList<>();
        all.add(errors());
        boolean compared = watched.stream().anyMatch(each -> each.order().baseline() != null);
        if (compared) {
            all.add(latency("latency p95", PlotText.title("latency p95"), MetricLook.SLOWER, "latency p95"));
        }
        for (CanaryMetric metric : metrics.values()) {
            if (metric.isSignal()) {
                all.add(signal(metric));
            } else if (metric.isOwn()) {
                all.add(own(metric));
            } else if (metric.isOfRanks() && !(compared && metric.name().equals("latency p95"))) {
                all.add(latency(metric.name(), PlotText.title(metric.name()), metric.name()));
            }
        }
        watched.stream()
                .flatMap(each -> each.objectives().stream())
                .map(Objective::name)
                .distinct()
                .forEach(name -> all.add(objective(name)));
        return all.stream().sorted(Comparator.comparingInt(MetricPlot::gravity)).toList();
    }

    /** Of each metric the look of the last observation that asked for it and has a verdict. */
    private Map<String, MetricLook> looks() {
        Map<String, MetricLook> known = new HashMap<>();
        for (int index = watched.size() - 1; index >= 0; index--) {
            Watched each = watched.get(index);
            Judgement latest = each.observation().latest();
            if (latest != null && lacks(known, each)) {
                for (MetricLook look : MetricLooks.of(course(each, latest), latest)) {
                    known.putIfAbsent(
                            look.metric(),
                            look.because(
                                    look.outcome(),
                                    "At %s: %s"
                                            .formatted(
                                                    Words.limit(each.order().share()),
                                                    PlotText.lower(look.sentence()))));
                }
            }
        }
        return known;
    }

    private boolean lacks(Map<String, MetricLook> known, Watched each) {
        return known.isEmpty()
                || !known.keySet().containsAll(metrics.keySet())
                || each.order().baseline() != null && !known.containsKey(MetricLook.SLOWER);
    }

    private Course course(Watched each, Judgement latest) {
        return Course.of(
                each,
                side(each, true),
                side(each, false),
                each.readUntil(),
                latest.at(),
                null,
                each.readings(),
                each.own());
    }

    private List<Sample> side(Watched each, boolean candidate) {
        return stored.getOrDefault(each.number(), List.of()).stream()
                .filter(one -> one.candidate() == candidate)
                .map(Stored::sample)
                .toList();
    }

    private MetricPlot errors() {
        PlotColumns columns = points.errors();
        return plot(
                "error ratio",
                PlotText.title("error ratio"),
                "ratio",
                PlotText.note(metrics.containsKey("error ratio") ? PlotText.TOLERATED_ERRORS : "", true),
                columns,
                PlotText.missing("error ratio", null),
                MetricLook.ERROR_RATE,
                CanaryMetric.ERROR_RATIO);
    }

    private MetricPlot latency(String name, String title, String... asked) {
        CanaryMetric metric = metrics.get(name);
        boolean trigger = List.of(asked).contains(MetricLook.SLOWER);
        return plot(
                name,
                title,
                "ms",
                PlotText.note(trigger ? PlotText.LATENCY_LIMIT : "", trigger || metric != null && metric.critical()),
                points.latency(name, trigger),
                PlotText.missing(name, null),
                asked);
    }

    private MetricPlot signal(CanaryMetric metric) {
        return plot(
                metric.name(),
                PlotText.title(metric.name()),
                PlotText.unit(metric),
                PlotText.note(metric),
                points.signal(metric),
                PlotText.missing(metric.name(), metric.kpi()),
                metric.name());
    }

    private MetricPlot own(CanaryMetric metric) {
        return plot(
                metric.name(),
                PlotText.title(metric.name()),
                "value",
                metric.own().muted() ? PlotText.MUTED : PlotText.note(PlotText.OWN, metric.critical()),
                points.own(metric),
                PlotText.missing(metric.name(), null),
                metric.name());
    }

    private MetricPlot objective(String name) {
        return plot(
                MetricLook.ofObjective(name),
                "Objective " + name + ": not good",
                "ratio",
                PlotText.note("The limit is what the objective leaves.", true),
                points.objective(name),
                PlotText.missing("objective", null),
                MetricLook.ofObjective(name));
    }

    private MetricPlot plot(
            String metric,
            String title,
            String unit,
            String note,
            PlotColumns columns,
            String missing,
            String... asked) {
        List<MetricLook> found = Stream.of(asked)
                .map(looks::get)
                .filter(Objects::nonNull)
                .distinct()
                .toList();
        Optional<MetricLook> gravest =
                found.stream().min(Comparator.comparingInt(look -> MetricPlot.gravity(look.outcome())));
        return new MetricPlot(
                metric,
                title,
                unit,
                note,
                gravest.map(look -> look.outcome().name()).orElse(null),
                gravest.map(look -> sentences(found, look.outcome())).orElse(null),
                columns.isEmpty() ? (gravest.isEmpty() ? PlotText.NOT_YET : missing) : null,
                columns.times(),
                columns.of(PlotColumns.CANDIDATE),
                columns.of(PlotColumns.BASELINE),
                columns.of(PlotColumns.MEDIAN),
                columns.of(PlotColumns.TOLERATED),
                columns.of(PlotColumns.LIMIT));
    }

    /** Of rules that say the same, both: one alone would not say why. */
    private static String sentences(List<MetricLook> found, Outcome outcome) {
        return found.stream()
                .filter(look -> look.outcome() == outcome)
                .map(MetricLook::sentence)
                .collect(Collectors.joining(". "));
    }
}
