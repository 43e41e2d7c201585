package dev.countersign.hotfix;

import dev.countersign.release.DossierPart;
import dev.countersign.release.Release;
import java.util.Map;
import org.springframework.stereotype.Component;

/** An approval that ended is a change of what people decided on: whatever they said, they said it for a day. */
@Component
class EndedApprovals implements DossierPart {
    private final ApprovalStore approvals;

    EndedApprovals(ApprovalStore approvals) {
        this.approvals = approvals;
    }

    @Override
    public Map<String, Object> of(Release release) {
        if (!release.isHotfix()) {
            return Map.of();
        }
        long ended = approvals.of(release.key()).stream()
                .filter(approval -> approval.endedAt() != null)
                .count();
        return ended == 0 ? Map.of() : Map.of("approval", ended);
    }
}
