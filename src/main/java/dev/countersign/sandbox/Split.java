package dev.countersign.sandbox;

import java.util.Map;
import java.util.TreeMap;

/** Where one service's requests go, in which proportion, and how many went where. */
final class Split {
    record Upstream(String digest, int port) {}

    private final Map<String, Long> sent = new TreeMap<>();
    private EvenShare even = new EvenShare();
    private Upstream stable;
    private Upstream candidate;
    private double share;

    /** Sets everything at once, so that no request meets half a change. */
    synchronized void set(Upstream newStable, Upstream newCandidate, double newShare) {
        if (share != newShare) {
            even = new EvenShare();
        }
        stable = newStable;
        candidate = newCandidate;
        share = newShare;
    }

    /** Who gets the next request; null when nothing runs. */
    synchronized Upstream next() {
        Upstream chosen = candidate != null && even.next(share) ? candidate : stable;
        if (chosen != null) {
            sent.merge(chosen.digest(), 1L, Long::sum);
        }
        return chosen;
    }

    synchronized double share() {
        return candidate == null ? 0 : share;
    }

    synchronized Map<String, Long> sent() {
        return new TreeMap<>(sent);
    }
}
