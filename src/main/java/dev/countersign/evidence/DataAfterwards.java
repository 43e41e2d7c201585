package dev.countersign.evidence;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** How a service's data stands after a release that migrated it was taken back. */
public interface DataAfterwards {
    /**
     * Measures the declared checks anew and keeps the document. What has a fixed expectation must hold; what is held against the values from before the deployment is told
     * where it differs, since users have gone on writing.
     *
     * @throws IOException where a check could not be measured
     */
    Outcome afterRollback(String releaseKey, Duration within) throws IOException;

    /**
     * @param checks how many were measured; 0 where there is nothing to look at
     * @param failed what does not hold, in words
     * @param differing what is not as it was before
     */
    record Outcome(int checks, List<String> failed, List<String> differing) {}
}
