package dev.countersign.release;

import dev.countersign.catalog.Checklist;
import java.util.Optional;

/** The checklist that a release is confirmed by, in the exact version that it began with, whatever is approved while it is under way. */
public interface PinnedChecklist {
    /** Empty while the release holds none. */
    Optional<Version> versionOf(Release release);

    /** Its contents; empty where the release holds none, or one whose bytes nobody has any more. */
    Optional<Checklist> of(Release release);

    /** Holds the checklist in force now, where the release holds none yet. Returns whether it was written just now. */
    boolean hold(Release release);

    /** @param digest over the exact bytes of the checklist's file */
    record Version(String name, String digest) {}
}
