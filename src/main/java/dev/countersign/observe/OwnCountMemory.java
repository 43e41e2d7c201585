package dev.countersign.observe;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * What the rows of running observations say of their own queries' counts, understood once and not at each look: from one minute to the next they say the same. Compared by the
 * text itself, so that what another node wrote meanwhile is never taken for what was there before.
 */
final class OwnCountMemory {
    private final Map<Long, Understood> known = new ConcurrentHashMap<>();

    private record Understood(String text, List<OwnCount> counts) {}

    /** @param reading of a text that is not known */
    List<OwnCount> of(long observation, String text, Function<String, List<OwnCount>> reading) {
        Understood understood = known.get(observation);
        if (understood == null || !understood.text().equals(text)) {
            understood = new Understood(text, List.copyOf(reading.apply(text)));
            known.put(observation, understood);
        }
        return understood.counts();
    }

    /** Forgets what no longer runs. */
    void follow(Collection<Long> active) {
        known.keySet().retainAll(active);
    }
}
