package dev.countersign.rollout;

import dev.countersign.release.Release;
import dev.countersign.release.StartCondition;
import java.util.Optional;

/** What stands against the beginning of standard releases, in the test's hands: nothing until the test says so. */
final class ScriptedStart implements StartCondition {
    volatile String against;

    @Override
    public Optional<String> against(Release release) {
        return release.isHotfix() ? Optional.empty() : Optional.ofNullable(against);
    }
}
