package dev.countersign.hotfix;

import dev.countersign.workflow.ModelBean;
import java.util.Date;
import org.springframework.stereotype.Component;

/** What the model {@code hotfix-approval} asks. */
@ModelBean
@Component("hotfixApprovals")
public class HotfixApprovals {
    private final ApprovalStore approvals;

    HotfixApprovals(ApprovalStore approvals) {
        this.approvals = approvals;
    }

    public Date endsAt(String approval) {
        return Date.from(approvals.get(Long.parseLong(approval)).endsAt());
    }
}
