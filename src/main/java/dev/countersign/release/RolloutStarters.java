package dev.countersign.release;

import java.util.Optional;

/** Who may not begin the rollout of a release, by the modules that know: whoever decided on a hotfix does not bring it to users too. */
public interface RolloutStarters {
    /** Why not, in words; empty where the person may. */
    Optional<String> whyNot(Release release, String person);
}
