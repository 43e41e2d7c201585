package dev.countersign.rollout;

import dev.countersign.catalog.Capacity.Use;
import dev.countersign.rollout.CapacityForecast.Figure;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.DoubleBinaryOperator;

/**
 * How far two versions beside each other will use a resource. The load of the peak is split as the traffic of a step is: what a replica uses of its own grows with the
 * requests that it serves; what all replicas share is held by each of them, whether it serves requests or not. Utilisation and replicas are read at the same moments,
 * so that a peak with few replicas is not taken for one with many.
 *
 * @param utilisation by time, 1 for all of it
 * @param replicas of the stable version by time
 * @param stable replicas now
 * @param candidate replicas that it will have
 */
record DualVersionLoad(
        String resource,
        Use use,
        SortedMap<Instant, Double> utilisation,
        SortedMap<Instant, Double> replicas,
        double stable,
        double candidate) {

    /** One figure for each step. */
    List<Figure> at(RolloutPlan plan, double maximum) {
        double peak = use == Use.PER_REPLICA
                ? peak((used, count) -> used * count)
                : peak((used, count) -> count == 0 ? 0 : used / count);
        List<Figure> figures = new ArrayList<>();
        for (RolloutPlan.Step step : plan.steps()) {
            // Where the flag alone decides who is served by the candidate its share is one of the traffic.
            double share = plan.trafficAt(step.number()).orElse(step.share());
            Figure figure = use == Use.PER_REPLICA
                    ? new Figure(
                            resource,
                            step.number(),
                            share,
                            peak * (1 - share) / stable,
                            peak * share / candidate,
                            maximum)
                    : new Figure(resource, step.number(), share, peak * stable, peak * candidate, maximum, true);
            figures.add(figure);
        }
        return figures;
    }

    private double peak(DoubleBinaryOperator load) {
        double peak = 0;
        for (Map.Entry<Instant, Double> used : utilisation.entrySet()) {
            Double count = replicas.get(used.getKey());
            if (count != null) {
                peak = Math.max(peak, load.applyAsDouble(used.getValue(), count));
            }
        }
        return peak;
    }

    /** Moments at which both were measured. */
    long measured() {
        return utilisation.keySet().stream().filter(replicas::containsKey).count();
    }
}
