package dev.countersign.evidence;

import java.util.List;
import java.util.Optional;

/** The ways back of migrations, as they were registered and rehearsed. */
public interface WaysBack {
    /** Empty where the release migrates nothing, or has registered nothing. */
    Optional<WayBack> of(String releaseKey);

    /**
     * @param digest over all scripts
     * @param down in the order in which they run back
     * @param irreversible names of what has no way back
     * @param rehearsed whether exactly these scripts led there and back on a database that is not the target
     */
    record WayBack(String digest, List<Script> down, List<String> irreversible, boolean rehearsed) {}

    record Script(String name, String digest) {}
}
