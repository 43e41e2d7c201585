package dev.countersign.release;

import java.time.Instant;
import java.util.List;

/** Change facts that documents show. Evidence raises a fact that was stated false; nothing lowers one. */
public interface ChangeFacts {
    /**
     * @param type of the document that shows it
     * @param because what in the document shows it, in words
     */
    record Shown(String fact, String sha256, String type, String because, Instant at) {}

    /** What documents have shown, whether it was stated before or not; oldest first. */
    List<Shown> shown(String releaseKey);

    /**
     * To be called in the transaction that stores the document. A fact that was stated false becomes true, for good; one that is true already stays as it was.
     *
     * @return whether the fact was false before
     */
    boolean raise(String releaseKey, String fact, String sha256, String type, String because);

    /** In memory, in the transaction that raised it: whoever has decided by the facts decides anew. */
    record FactRaised(String releaseKey, String fact) {}
}
