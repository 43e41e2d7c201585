package dev.countersign.evidence;

import java.time.Duration;

/** A source cannot be asked now, or its answer cannot be understood. The message is shown: it names no secret. */
public final class SourceUnavailable extends Exception {
    private static final long serialVersionUID = 1L;
    private final Duration retryAfter;

    public SourceUnavailable(String reason) {
        this(reason, (Duration) null);
    }

    public SourceUnavailable(String reason, Throwable cause) {
        super(reason, cause);
        this.retryAfter = null;
    }

    /** @param retryAfter how long the system itself wants to be left alone; null where it says nothing */
    public SourceUnavailable(String reason, Duration retryAfter) {
        super(reason);
        this.retryAfter = retryAfter;
    }

    /** Null where the system says nothing. */
    public Duration retryAfter() {
        return retryAfter;
    }
}
