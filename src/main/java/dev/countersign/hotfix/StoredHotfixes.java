package dev.countersign.hotfix;

import dev.countersign.release.HotfixRules;
import dev.countersign.release.Release;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.stereotype.Service;

@Service
class StoredHotfixes implements Hotfixes {
    private final ApprovalStore approvals;
    private final LookbackStore reviews;
    private final HotfixRules rules;

    StoredHotfixes(ApprovalStore approvals, LookbackStore reviews, HotfixRules rules) {
        this.approvals = approvals;
        this.reviews = reviews;
        this.rules = rules;
    }

    @Override
    public Optional<Hotfix> of(Release release) {
        return release.isHotfix()
                ? Optional.of(new Hotfix(
                        release.fixes(),
                        approvals.of(release.key()),
                        reviews.find(release.key()).orElse(null)))
                : Optional.empty();
    }

    @Override
    public List<Lookback> unreviewed(String service) {
        return reviews.openOf(service);
    }

    @Override
    public Optional<String> blocks(Release release) {
        List<Lookback> open = unreviewed(release.service()).stream()
                .filter(review -> !review.releaseKey().equals(release.key()))
                .toList();
        int allowed = release.isHotfix() && !open.isEmpty() ? rules.of(release).unreviewed() : 0;
        if (open.size() <= allowed) {
            return Optional.empty();
        }
        return Optional.of("%s of %s not reviewed yet (%s): %s waits until that is done"
                .formatted(
                        open.size() == 1 ? "a hotfix" : open.size() + " hotfixes",
                        release.service() + (open.size() == 1 ? " is" : " are"),
                        open.stream()
                                .map(review -> review.releaseKey() + ", due " + review.due())
                                .collect(Collectors.joining("; ")),
                        release.isHotfix() ? "another hotfix" : "the next release"));
    }
}
