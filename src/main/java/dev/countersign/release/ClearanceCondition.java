package dev.countersign.release;

import java.util.List;

/** Something that must hold before a release is cleared: gates, sign-off, decision. Kept by the modules above. */
public interface ClearanceCondition {
    /** Asks other systems once more, where that is demanded: called before the release's row is held. What they say is judged by {@link #missing}. */
    default void look(Release release) {}

    /** What is missing, in words; empty when it holds for the dossier with this digest. */
    List<String> missing(Release release, String materialDigest);
}
