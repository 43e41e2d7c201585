package dev.countersign.release;

import java.util.List;
import java.util.Optional;

/** The releases there are. */
public interface Releases {
    Optional<Release> find(String key);

    /** @throws ReleaseNotFound when there is none with this key */
    Release get(String key);

    /** Like {@link #get}, and holds the release's row until the transaction ends: look and wait, or store and tell, in one order. */
    Release lock(String key);

    /** Newest first. */
    List<Release> list(ReleaseFilter filter);

    long count(ReleaseFilter filter);

    /** Enters a state, with a timeline entry; entering the same state again does nothing. */
    void enter(String key, ReleaseState state, String reason);

    /** Review, retrospective or post-mortem are done too. */
    void close(String key);
}
