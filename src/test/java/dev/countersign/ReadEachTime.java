package dev.countersign;

import dev.countersign.release.HeldFacts;
import java.util.function.Supplier;

/** For repositories without the releases: nothing is held, so that each reading asks the database. */
public final class ReadEachTime implements HeldFacts {
    @Override
    public <T> T read(String releaseKey, String what, Supplier<T> reading) {
        return reading.get();
    }

    @Override
    public boolean holds(String releaseKey) {
        return false;
    }

    @Override
    public void changed(String releaseKey, String what) {
        // nothing is kept
    }
}
