package dev.countersign.observe.correlation;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * How often something went wrong in a service, interval by interval.
 *
 * @param source what measured it, in words
 * @param counts oldest first; intervals in which nothing was measured are absent
 */
public record Signal(String service, Kind kind, String source, List<Count> counts) {
    public Signal {
        counts = List.copyOf(counts);
    }

    /** Latency is counted too: the requests that took longer than 95 of 100 did before. */
    public enum Kind {
        ERRORS("errors"),
        LATENCY("slow requests"),
        LOG_ERRORS("errors in the log");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        public String words() {
            return words;
        }
    }

    /**
     * @param exposure requests; of a log, its lines
     * @param events what went wrong
     */
    public record Count(Instant at, Duration length, double exposure, double events) {
        Instant end() {
            return at.plus(length);
        }
    }
}
