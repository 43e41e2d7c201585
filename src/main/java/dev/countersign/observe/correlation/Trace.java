package dev.countersign.observe.correlation;

import java.time.Instant;
import java.util.List;

/**
 * One request on its way through the services: who answered whom, how long it took and whether it failed.
 *
 * @param id what its source calls it
 */
public record Trace(String id, List<Call> calls) {
    /** A call that nobody made: where the request came in, or whose caller was not recorded. */
    public static final int NOBODY = -1;

    public Trace {
        calls = List.copyOf(calls);
    }

    /**
     * What one service answered.
     *
     * @param version what the span says of it; null where it says nothing
     * @param caller the index of the call that made this one, or {@link #NOBODY}
     */
    public record Call(String service, String version, Instant at, double milliseconds, boolean error, int caller) {}
}
