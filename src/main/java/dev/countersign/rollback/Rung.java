package dev.countersign.rollback;

import java.time.Duration;
import java.time.Instant;

/**
 * A rung of the ladder as it was gone.
 *
 * @param rung {@code flag}, {@code traffic}, {@code withdraw}, {@code redeploy}, {@code database}, {@code proof} or {@code hands}
 * @param outcome {@code done}, {@code passed-over} or {@code failed}
 * @param said what it did, in a sentence
 * @param from when the rung before it ended
 */
public record Rung(String rung, String outcome, String said, Instant from, Instant at) {
    static final String DONE = "done";
    static final String PASSED_OVER = "passed-over";
    static final String FAILED = "failed";

    /** As people read it. */
    public String name() {
        return RungLog.words(rung);
    }

    /** With its retries and what it waited for. */
    public Duration took() {
        return Duration.between(from, at);
    }
}
