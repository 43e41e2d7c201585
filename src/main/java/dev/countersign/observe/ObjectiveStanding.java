package dev.countersign.observe;

import dev.countersign.catalog.Slo;
import dev.countersign.observe.MetricsSource.Sample;
import java.util.List;

/**
 * How an objective was held over some measurements.
 *
 * @param target ratio of good to all that is promised
 * @param value ratio of good to all that was measured; null where it cannot be measured: no requests, no threshold, a source without buckets, or a kind
 *     that nothing measures
 */
public record ObjectiveStanding(String name, String kind, double target, Double value) {
    /** One for each objective, in their order. */
    public static List<ObjectiveStanding> of(List<Slo> objectives, List<Sample> samples) {
        return objectives.stream().map(slo -> of(Objective.of(slo), samples)).toList();
    }

    private static ObjectiveStanding of(Objective objective, List<Sample> samples) {
        Objective.Ratio ratio = objective.measurable() ? objective.measure(samples) : null;
        return new ObjectiveStanding(
                objective.name(), objective.kind(), objective.target(), ratio == null ? null : ratio.value());
    }

    public boolean isMeasured() {
        return value != null;
    }

    /** What was not measured does not hold. */
    public boolean holds() {
        return value != null && value >= target;
    }

    /** For example {@code availability 99.7 % (objective 99.5 %)}. */
    public String sentence() {
        return "%s %s (objective %s)"
                .formatted(kind, value == null ? "not measured" : Words.percent(value), Words.limit(target));
    }
}
