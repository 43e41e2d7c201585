package dev.countersign.evidence;

import dev.countersign.release.Release;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/** The systems that hold evidence: who asks them, and how they answered. */
public interface EvidenceSources {
    /** Whether some system is configured that may hold documents of these types for the release. */
    boolean any(Release release, Collection<String> types);

    /**
     * Asks all systems of these types now, at the same time and within a bounded time, and takes in what they have. Whoever does not answer is asked again in the
     * background for as long as a gate waits. Not to be called by whoever holds the release's row.
     */
    void fetch(String releaseKey, Collection<String> types);

    /** The same, soon and in the background, when the transaction has been committed. */
    void fetchSoon(String releaseKey, Collection<String> types);

    /** How the systems of these types answered last; those that were never asked for this release are not among them. */
    List<Standing> standing(Release release, Collection<String> types);

    enum Outcome {
        /** It had documents. */
        ARRIVED,
        /** It answered, and has none. */
        NOTHING,
        /** It could not be asked, its answer could not be understood, or what it has was refused. */
        FAILED
    }

    /**
     * @param reason why there is nothing; null where nothing is missing
     * @param askedAt the last time
     * @param answeredAt when it last answered; null where it never did
     */
    record Standing(String source, Outcome outcome, String reason, Instant askedAt, Instant answeredAt) {
        /** For a sentence: who did not bring everything, and why. */
        public String words() {
            return outcome == Outcome.FAILED
                    ? "%s could not be asked: %s".formatted(source, reason)
                    : "%s: %s".formatted(source, reason);
        }

        public boolean isMissing() {
            return reason != null;
        }
    }
}
