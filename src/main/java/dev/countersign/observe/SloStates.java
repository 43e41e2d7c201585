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
     * @param state {@code NO_DATA} where nothing was measured, or nothing any more; {@code PAGE} or {@code TICKET} while a pair of windows burns that fast; {@code EXHAUSTED} when the
     *     budget is spent; else {@code OK}
     * @param compliance ratio of good to all over the window; null without data
     * @param budgetRemaining 1 is untouched, 0 is spent, below 0 is overspent; null without data
     * @param measuredSince the oldest measurement in the window; null without data
     * @param requests measured in the window; with time slices, slices
     * @param windowStart where the window begins that ends now
     * @param measuredUntil until when there was something to measure; null where it is not known
     * @param countedUntil until when the source has answered, whatever it had to say; null where it never has
     * @param trouble why it is not measured, or not any more, in words; null where it is
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
            List<Burn> burns,
            Instant windowStart,
            Instant measuredUntil,
            Instant countedUntil,
            String trouble) {
        public SloState {
            burns = List.copyOf(burns);
        }

        public SloState(
                String name,
                String kind,
                double objective,
                Duration window,
                String state,
                Double compliance,
                Double budgetRemaining,
                Instant measuredSince,
                long requests,
                List<Burn> burns) {
            this(
                    name,
                    kind,
                    objective,
                    window,
                    state,
                    compliance,
                    budgetRemaining,
                    measuredSince,
                    requests,
                    burns,
                    null,
                    null,
                    null,
                    null);
        }

        /** Whether what was measured has spent all there was, however old it is. */
        public boolean isSpent() {
            return budgetRemaining != null && budgetRemaining <= 0;
        }

        /** Whether nobody knows how it stands now. */
        public boolean isUnknown() {
            return budgetRemaining == null || "NO_DATA".equals(state);
        }
    }

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
