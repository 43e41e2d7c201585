package dev.countersign.rollback;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * Something else that must hold when a release has been taken back, beside split, version, errors and objectives: for example that the service's users can go their
 * ways. Every bean of this kind is asked by the validation.
 */
public interface AfterRollback {
    /**
     * @param within what is left of the time: an answer that comes later counts for nothing
     * @return empty where there is nothing to look at for this service
     * @throws IOException when it cannot be told; it is asked again
     */
    Optional<Shown> look(Place place, Duration within) throws IOException;

    /**
     * @param service as the ports know it: the service, or its place in staging
     * @param baseline the digest that serves now
     */
    record Place(String releaseKey, String service, boolean drill, String baseline) {}

    /** @param sentence what was seen, for the record */
    record Shown(boolean holds, boolean ofData, String sentence) {
        public static Shown holds(String sentence) {
            return new Shown(true, false, sentence);
        }

        public static Shown broken(String sentence) {
            return new Shown(false, false, sentence);
        }

        public static Shown brokenData(String sentence) {
            return new Shown(false, true, sentence);
        }
    }
}
