package dev.countersign.hotfix;

import dev.countersign.hotfix.Hotfixes.Approval;
import dev.countersign.release.ClearanceCondition;
import dev.countersign.release.ClearanceLimit;
import dev.countersign.release.Release;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** No clearance of a hotfix beyond its approval, and none without one. */
@Component
class ApprovalIsCurrent implements ClearanceCondition, ClearanceLimit {
    private final ApprovalStore approvals;
    private final Clock clock;

    ApprovalIsCurrent(ApprovalStore approvals, Clock clock) {
        this.approvals = approvals;
        this.clock = clock;
    }

    @Override
    public List<String> missing(Release release, String materialDigest) {
        if (!release.isHotfix()) {
            return List.of();
        }
        Optional<Approval> latest = approvals.latest(release.key());
        if (latest.isEmpty()) {
            return List.of("no approval of this hotfix is recorded");
        }
        Approval approval = latest.get();
        boolean over = approval.endedAt() != null || !approval.endsAt().isAfter(clock.instant());
        return over
                ? List.of(
                        "the approval of this hotfix ended at %s: it must be decided anew".formatted(approval.endsAt()))
                : List.of();
    }

    @Override
    public Optional<Instant> endsAt(Release release) {
        return release.isHotfix() ? approvals.latest(release.key()).map(Approval::endsAt) : Optional.empty();
    }
}
