package dev.countersign.release;

import java.time.Instant;
import java.util.Optional;

/** Until when a clearance may last: the approval of a hotfix ends by itself. Kept by the modules above. */
public interface ClearanceLimit {
    /** Empty where nothing ends by itself. */
    Optional<Instant> endsAt(Release release);
}
