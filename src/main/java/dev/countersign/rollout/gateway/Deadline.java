package dev.countersign.rollout.gateway;

import dev.countersign.api.CallBudget;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** When all of a call must be over. */
final class Deadline {
    private final long end;

    private Deadline(long end) {
        this.end = end;
    }

    static Deadline in(Duration time) {
        return new Deadline(System.nanoTime() + CallBudget.atMost(time).toNanos());
    }

    Duration left() {
        return Duration.ofNanos(Math.max(0, end - System.nanoTime()));
    }

    /** Waits; false, at once, where the time would be over before. */
    boolean pause(Duration pause) throws IOException {
        if (pause.compareTo(left()) >= 0) {
            return false;
        }
        try {
            TimeUnit.NANOSECONDS.sleep(pause.toNanos());
            return true;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while waiting for the API server", stopped);
        }
    }
}
