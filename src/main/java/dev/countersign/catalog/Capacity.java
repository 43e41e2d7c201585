package dev.countersign.catalog;

import java.util.List;

/**
 * By what it is told whether two versions of a service have room beside each other.
 *
 * @param digest of the file's exact bytes: the version
 * @param stable how many replicas carry the stable version
 * @param candidate how many the candidate will have
 */
public record Capacity(
        String name, String service, String digest, Amount stable, Amount candidate, List<Resource> resources)
        implements Declaration.Declared {

    /** What uses a resource up. */
    public enum Use {
        /** Each replica has its own; the requests that it serves use it. */
        PER_REPLICA,
        /** All replicas draw from one, whether they serve requests or not. */
        SHARED;

        /** As files and documents write it. */
        public String id() {
            return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
        }
    }

    /** @param utilisation a query: the used part, 1 for all of it */
    public record Resource(String name, Use use, String utilisation) {}

    /** @param query of the metrics source; null where the number is given */
    public record Amount(Integer number, String query) {}
}
