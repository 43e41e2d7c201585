package dev.countersign.release;

import java.io.IOException;
import java.util.Optional;

/** Asked once more when a rollout begins: what held when the release was cleared may have changed while it waited for its window, its watch or its service. Kept by the modules above. */
public interface StartCondition {
    /**
     * Why the rollout does not begin now, in words; empty where it may.
     *
     * @throws IOException where a system that is asked for it does not tell now: nothing begins, and it is asked again
     */
    Optional<String> against(Release release) throws IOException;
}
