package dev.countersign.observe;

import dev.countersign.observe.Observations.Order;
import dev.countersign.observe.Reading.Counts;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * What a rollout observed before everybody was on the candidate.
 *
 * @param observed the newest first
 */
record BeforeEverybody(List<Watched> observed) {
    static final BeforeEverybody UNASKED = new BeforeEverybody(List.of());

    /** @param ofRelease by time; shares of a rollout only grow, so that a larger one before a smaller one was another rollout's */
    static BeforeEverybody of(Order order, List<Watched> ofRelease) {
        List<Watched> newest = new ArrayList<>(ofRelease);
        Collections.reverse(newest);
        List<Watched> observed = new ArrayList<>();
        double share = 1;
        for (Watched each : newest) {
            if (each.order().share() > share || !each.order().candidate().equals(order.candidate())) {
                break;
            }
            share = each.order().share();
            if (!each.order().id().equals(order.id())) {
                observed.add(each);
            }
        }
        return new BeforeEverybody(observed);
    }

    /** Of each metric that the order holds against it, as far as the baseline ever had enough. */
    List<BaselineLast> last(Order order) {
        List<BaselineLast> last = new ArrayList<>();
        order.triggers().metrics().stream().filter(AfterBaseline::concerns).forEach(metric -> last(
                        metric, order.triggers().minRequests())
                .ifPresent(counts -> last.add(new BaselineLast(metric.name(), counts))));
        return last;
    }

    private Optional<Counts> last(CanaryMetric metric, int enough) {
        return observed.stream()
                .filter(each -> each.order().baseline() != null && each.order().share() < 1)
                .flatMap(each -> each.readings().stream())
                .filter(reading -> reading.metric().equals(metric.name()))
                .map(Reading::baseline)
                .filter(counts -> counts.of() >= enough)
                .findFirst();
    }

    /** The newest observation that had a baseline. */
    Optional<Watched> compared() {
        return observed.stream().filter(each -> each.order().baseline() != null).findFirst();
    }
}
