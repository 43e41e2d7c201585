package dev.countersign.audit;

import java.util.Map;

/**
 * The way into the transparency log. A leaf is collected in the current transaction and written to the outbox by one insert
 * before its commit; without a transaction it is refused.
 */
public interface Leaves {
    /**
     * @param type the fact, for example {@code release.opened}
     * @param releaseKey what it is about; null for facts beyond one release
     * @param actor who did it; a person's id becomes a commitment
     * @param content values that can be written as JSON; persons and what they wrote become commitments by their keys, see {@code PersonalData}
     */
    void record(String type, String releaseKey, String actor, Map<String, Object> content);

    /**
     * Records an attempt that was refused, in a transaction of its own: where one is open it is the refused one, and the leaf is written when that
     * is over.
     */
    void refused(String type, String releaseKey, String actor, Map<String, Object> content);
}
