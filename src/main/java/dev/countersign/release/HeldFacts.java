package dev.countersign.release;

import java.util.function.Supplier;

/**
 * What the current transaction has read about a release whose row it holds. Everything that is kept about a release in tables of its own is written by whoever
 * holds the release's row, so that nobody else can change it meanwhile: it is read once, until this transaction writes it itself. A transaction that does not hold the
 * row reads each time.
 */
public interface HeldFacts {
    /**
     * @param what names the fact: one name for all that the same writes change
     * @param reading asked where nothing is known; its answer must not be changed by who gets it
     */
    <T> T read(String releaseKey, String what, Supplier<T> reading);

    /** Whether the current transaction holds the release's row. */
    boolean holds(String releaseKey);

    /** To be called with every write of the fact. */
    void changed(String releaseKey, String what);
}
