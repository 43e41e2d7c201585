package dev.countersign.hotfix;

import dev.countersign.release.Release;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Hotfixes: how long their approval holds, and whether somebody has looked back at them. */
public interface Hotfixes {
    /** Empty where the release is none. */
    Optional<Hotfix> of(Release release);

    /** Reviews of a service that are not done, oldest first. */
    List<Lookback> unreviewed(String service);

    /** Why unreviewed hotfixes keep the release back, in words; empty where they do not. */
    Optional<String> blocks(Release release);

    /**
     * @param fixes the incident or the reason that it answers
     * @param approvals oldest first; each lasts until its end
     * @param review null until the hotfix is over, or where no user was ever on it
     */
    record Hotfix(String fixes, List<Approval> approvals, Lookback review) {}

    /**
     * @param deciders whoever decided
     * @param endedAt when it ended before all users were on the hotfix; null where it did not
     */
    record Approval(
            long id, Instant decidedAt, Instant endsAt, List<String> deciders, String ruleVersion, Instant endedAt) {}

    /**
     * The review afterwards.
     *
     * @param due by when somebody must have looked back
     * @param escalations how often it was raised because it was overdue
     * @param needed whether an ordinary release would have been too late; null until it is reviewed
     * @param reviewedAt null until it is reviewed
     */
    record Lookback(
            String releaseKey,
            String service,
            Instant openedAt,
            Instant due,
            int escalations,
            Boolean needed,
            String finding,
            String reviewedBy,
            Instant reviewedAt) {
        public boolean isOpen() {
            return reviewedAt == null;
        }
    }
}
