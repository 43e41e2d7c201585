package dev.countersign.observe;

import java.time.Duration;
import java.util.List;

/** Tries out what users do with a service, on the canary and on the stable version. */
public interface SyntheticJourneys {
    /** Which of the two versions. */
    enum Side {
        CANARY,
        STABLE;

        /** For sentences. */
        public String words() {
            return this == CANARY ? "canary" : "stable version";
        }
    }

    /** Whether the catalog has journeys of the service; asks nobody. */
    boolean areDeclared(String service);

    /** In the catalog's order, the ids of the service's journeys; asks nobody. */
    List<String> declared(String service);

    /** What the longest of them takes at most: as long as it says, and never longer than the platform lets it. With less left no walk is worth its beginning. Zero without any. */
    Duration longest(String service);

    /**
     * Walks every journey of the service on each side, the sides at the same time, and no longer than {@code countersign.observe.journeys.timeout}. What had no time left
     * is an {@code ERROR}.
     *
     * @return in the catalog's order, the sides of a journey beside each other; empty where none is declared
     */
    List<Walk> walk(String service, List<Side> sides);

    /**
     * @param digest of the file that declares the journey
     * @param verdict {@code PASS}; {@code FAIL} where the version answered otherwise than it must, or not in time; {@code ERROR} where it could not be asked
     * @param sentence what was seen, without what was sent
     */
    record Walk(String journey, String digest, Side side, String verdict, String sentence, Duration took) {
        public boolean passed() {
            return "PASS".equals(verdict);
        }
    }
}
