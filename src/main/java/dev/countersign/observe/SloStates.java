package dev.countersign.observe;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** How a service stands against its objectives: compliance, error budget, burn rates. */
public interface SloStates {
    /** One for each objective of the service, in the catalog's order; {@code NO_DATA} where nothing was measured. */
    List<SloState> of(String service);

    /** The same for many services, by name, in one statement. */
    Map<String, List<SloState>> of(Collection<String> services);

    /**
     * @param objective ratio of good to all that is promised
     * @param state {@code NO_DATA}; {@code PAGE} or {@code TICKET} while a pair of windows burns that fast; {@code EXHAUSTED} when the
     *     budget is spent; else {@code OK}
     * @param compliance ratio of good to all over the window; null without data
     * @param budgetRemaining 1 is untouched, 0 is spent, below 0 is overspent; null without data
     * @param measuredSince the oldest measurement in the window; null without data
     * @param requests measured in the window
     */
    record SloState(
            String name,
            String kind,
            double objective,
            Duration window,
            String state,
            Double compliance,
            Double budgetRemaining,
            Instant measuredSince,
            long requests,
            List<Burn> burns) {}

    /**
     * How many times faster than sustainable the budget is spent; both windows must exceed the limit.
     *
     * @param severity {@code PAGE} or {@code TICKET}
     * @param longBurn null without data
     */
    record Burn(
            String severity,
            double limit,
            Duration longWindow,
            Duration shortWindow,
            Double longBurn,
            Double shortBurn,
            boolean exceeded) {}
}
