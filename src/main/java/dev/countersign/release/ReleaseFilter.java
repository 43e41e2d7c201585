package dev.countersign.release;

import java.time.Instant;
import java.util.Set;

/** What to list; null means any. Pages start at 0. */
public record ReleaseFilter(
        Set<String> services, Set<ReleaseState> states, Instant from, Instant to, int page, int size) {
    public static ReleaseFilter all() {
        return new ReleaseFilter(null, null, null, null, 0, 50);
    }

    public ReleaseFilter ofServices(Set<String> some) {
        return new ReleaseFilter(some, states, from, to, page, size);
    }

    public ReleaseFilter inStates(Set<ReleaseState> some) {
        return new ReleaseFilter(services, some, from, to, page, size);
    }
}
