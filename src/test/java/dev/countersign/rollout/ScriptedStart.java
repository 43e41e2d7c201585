package dev.countersign.rollout;

import dev.countersign.release.Release;
import dev.countersign.release.StartCondition;
import java.io.IOException;
import java.util.Optional;

/** What stands against the beginning of standard releases, in the test's hands: nothing until the test says so. */
final class ScriptedStart implements StartCondition {
    volatile String against;
    /** Why nobody can say so now; null where somebody can. */
    volatile String unknown;

    @Override
    public Optional<String> against(Release release) throws IOException {
        if (unknown != null) {
            throw new IOException(unknown);
        }
        return release.isHotfix() ? Optional.empty() : Optional.ofNullable(against);
    }
}
