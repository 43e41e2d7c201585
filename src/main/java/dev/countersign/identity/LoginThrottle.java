package dev.countersign.identity;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.stereotype.Component;

/**
 * Slows down guessing. Counted by user and remote address, so that nobody can lock out a person or the pipelines' account from somewhere else; never for
 * good; on this node and in memory, bounded. A few wrong passwords cost nothing: a pipeline's mistyped call must not break its next one.
 */
@Component
class LoginThrottle {
    /** The first wrong password in a row that costs time. */
    static final int FIRST_SLOW = 5;

    static final Duration FIRST_WAIT = Duration.ofSeconds(2);
    static final Duration LONGEST_WAIT = Duration.ofMinutes(1);
    static final int REMEMBERED = 10_000;

    private final Clock clock;
    private final Map<Caller, Failures> failures = new Latest();

    LoginThrottle(Clock clock) {
        this.clock = clock;
    }

    record Caller(String user, String address) {}

    private record Failures(int count, Instant closedUntil) {}

    private static final class Latest extends LinkedHashMap<Caller, Failures> {
        private static final long serialVersionUID = 1L;

        private Latest() {
            super(256, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<Caller, Failures> eldest) {
            return size() > REMEMBERED;
        }
    }

    /** Whether a password of this caller is looked at now; while it is not, the right one is none either. */
    boolean admits(Caller caller) {
        synchronized (failures) {
            Failures known = failures.get(caller);
            return known == null || !clock.instant().isBefore(known.closedUntil());
        }
    }

    void failed(Caller caller) {
        synchronized (failures) {
            Failures known = failures.get(caller);
            int count = known == null ? 1 : known.count() + 1;
            failures.put(caller, new Failures(count, clock.instant().plus(waitAfter(count))));
        }
    }

    void succeeded(Caller caller) {
        synchronized (failures) {
            failures.remove(caller);
        }
    }

    int remembered() {
        synchronized (failures) {
            return failures.size();
        }
    }

    /** Nothing for the first ones, then twice as long each time, up to the longest. */
    private static Duration waitAfter(int count) {
        if (count < FIRST_SLOW) {
            return Duration.ZERO;
        }
        Duration wait = FIRST_WAIT.multipliedBy(1L << Math.min(count - FIRST_SLOW, 10));
        return wait.compareTo(LONGEST_WAIT) < 0 ? wait : LONGEST_WAIT;
    }
}
