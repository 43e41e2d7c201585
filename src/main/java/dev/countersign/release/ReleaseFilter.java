package dev.countersign.release;

import java.time.Instant;
import java.util.Set;

/**
 * What to list; null means any. Pages start at 0.
 *
 * @param text a part of the key or the summary, in any case
 */
public record ReleaseFilter(
        Set<String> services, Set<ReleaseState> states, Instant from, Instant to, String text, int page, int size) {
    public ReleaseFilter(Set<String> services, Set<ReleaseState> states, Instant from, Instant to, int page, int size) {
        this(services, states, from, to, null, page, size);
    }

    public static ReleaseFilter all() {
        return new ReleaseFilter(null, null, null, null, 0, 50);
    }

    public ReleaseFilter ofServices(Set<String> some) {
        return new ReleaseFilter(some, states, from, to, text, page, size);
    }

    public ReleaseFilter inStates(Set<ReleaseState> some) {
        return new ReleaseFilter(services, some, from, to, text, page, size);
    }

    public ReleaseFilter withText(String some) {
        return new ReleaseFilter(services, states, from, to, some, page, size);
    }
}
