package dev.countersign.observe;

import dev.countersign.catalog.Slo;
import dev.countersign.observe.MetricsSource.Events;
import dev.countersign.observe.MetricsSource.Sample;
import dev.countersign.observe.MetricsSource.Tally;
import java.util.List;

/**
 * How an objective was held over some measurements.
 *
 * @param target ratio of good to all that is promised
 * @param value ratio of good to all that was measured; null where it cannot be measured: no requests, no threshold, a source without buckets, or a kind
 *     that nothing measures
 * @param whole whether it is of the service as a whole, because its queries tell no versions apart
 * @param because why it was not measured, where that is known; else null
 */
public record ObjectiveStanding(String name, String kind, double target, Double value, boolean whole, String because) {
    /** One for each objective, in their order, by requests. */
    public static List<ObjectiveStanding> of(List<Slo> objectives, List<Sample> samples) {
        return objectives.stream().map(slo -> of(Objective.of(slo), samples)).toList();
    }

    private static ObjectiveStanding of(Objective objective, List<Sample> samples) {
        Objective.Ratio ratio = objective.measurable() ? objective.measure(samples) : null;
        return new ObjectiveStanding(
                objective.name(),
                objective.kind(),
                objective.target(),
                ratio == null ? null : ratio.value(),
                false,
                objective.unread());
    }

    /** By what its own queries told over one stretch of time: of the version where they tell versions apart. */
    public static ObjectiveStanding of(Slo slo, Tally tally, String version) {
        List<Events> own = tally.byVersion().getOrDefault(version, List.of());
        boolean whole = own.isEmpty();
        double good = 0;
        double total = 0;
        // A whole of which a part is in doubt is not known.
        for (Events each : whole ? tally.trouble() == null ? tally.counts() : List.<Events>of() : own) {
            good += each.good();
            total += each.total();
        }
        Double ratio = total > 0 ? Double.valueOf(good / total) : null;
        if (ratio != null && slo.timeSliceTarget() != null) {
            ratio = ratio >= slo.timeSliceTarget() ? 1.0 : 0.0;
        }
        return new ObjectiveStanding(
                slo.name(), slo.kind(), slo.target(), ratio, whole, whole ? tally.trouble() : null);
    }

    /** Whether its own queries can be asked. */
    public static boolean isAsked(Slo slo) {
        return Objective.of(slo).asksItself();
    }

    /** Whether nothing but its own queries could tell it. */
    public static boolean needsQueries(Slo slo) {
        Objective objective = Objective.of(slo);
        return objective.asksItself() && !objective.isToldByRequests();
    }

    /** By requests, though its own queries are asked. @param because why they do not tell it */
    public static ObjectiveStanding byRequests(Slo slo, List<Sample> samples, String because) {
        ObjectiveStanding told = of(Objective.of(slo), samples);
        return new ObjectiveStanding(
                told.name, told.kind, told.target, told.value, false, "told by requests, because " + because);
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
        return "%s %s (objective %s)%s%s"
                .formatted(
                        Objective.REQUIRED.contains(kind) ? kind : name,
                        value == null ? "not measured" : Words.percent(value),
                        Words.limit(target),
                        whole && value != null ? " of the service as a whole" : "",
                        because == null ? "" : ": " + because);
    }
}
