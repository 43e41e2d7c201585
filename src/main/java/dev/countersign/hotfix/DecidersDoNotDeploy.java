package dev.countersign.hotfix;

import dev.countersign.release.Release;
import dev.countersign.release.RolloutStarters;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** A hotfix is decided by two only: neither of them begins its rollout as well. */
@Component
class DecidersDoNotDeploy implements RolloutStarters {
    private final ApprovalStore approvals;

    DecidersDoNotDeploy(ApprovalStore approvals) {
        this.approvals = approvals;
    }

    @Override
    public Optional<String> whyNot(Release release, String person) {
        return release.isHotfix()
                        && approvals
                                .latest(release.key())
                                .filter(approval -> approval.deciders().contains(person))
                                .isPresent()
                ? Optional.of("%s decided on the hotfix %s: somebody else begins its rollout"
                        .formatted(person, release.key()))
                : Optional.empty();
    }
}
