package dev.countersign.hotfix;

import dev.countersign.hotfix.Hotfixes.Approval;
import dev.countersign.identity.Actors;
import dev.countersign.release.Dossiers;
import dev.countersign.release.HotfixRules;
import dev.countersign.release.Release;
import dev.countersign.release.ReleaseState;
import dev.countersign.release.Releases;
import dev.countersign.release.Timeline;
import dev.countersign.review.Review;
import dev.countersign.rollout.Rollouts;
import dev.countersign.workflow.Processes;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** The approval of a hotfix: given by its readiness review, and ended by its time. */
@Service
class Approving {
    private static final String PROCESS = "hotfix-approval";
    /** Where not every user is on it, and nobody takes it back. */
    private static final Set<ReleaseState> UNDER_WAY = Set.of(
            ReleaseState.CRITERIA,
            ReleaseState.GATES,
            ReleaseState.REVIEW,
            ReleaseState.SCHEDULED,
            ReleaseState.ROLLING_OUT,
            ReleaseState.HELD);

    private final Releases releases;
    private final ApprovalStore approvals;
    private final HotfixRules rules;
    private final Rollouts rollouts;
    private final Dossiers dossiers;
    private final Processes processes;
    private final Timeline timeline;
    private final Clock clock;

    Approving(
            Releases releases,
            ApprovalStore approvals,
            HotfixRules rules,
            Rollouts rollouts,
            Dossiers dossiers,
            Processes processes,
            Timeline timeline,
            Clock clock) {
        this.releases = releases;
        this.approvals = approvals;
        this.rules = rules;
        this.rollouts = rollouts;
        this.dossiers = dossiers;
        this.processes = processes;
        this.timeline = timeline;
        this.clock = clock;
    }

    @EventListener
    void on(Review.Decided decided) {
        Release release = releases.get(decided.releaseKey());
        if (!release.isHotfix()) {
            return;
        }
        HotfixRules.Rules rule = rules.of(release);
        // Votes on the same dossier counted once more make nothing younger: what should have ended ends now.
        Instant ends = approvals
                .firstEnd(release.key(), release.materialDigest())
                .orElse(decided.at().plus(rule.validity()));
        long id = approvals.add(
                release.key(), release.materialDigest(), decided.at(), ends, decided.deciders(), rule.version());
        timeline.record(
                release.key(),
                "hotfix.approved",
                Actors.PLATFORM,
                "The hotfix is approved until %s by %s (%s)"
                        .formatted(
                                ends,
                                String.join(
                                        ", ",
                                        decided.deciders().stream().sorted().toList()),
                                rule.version()),
                Map.of("approval", id, "until", ends.toString(), "fixes", release.answers()));
        processes.start(rules.policyOf(release), PROCESS, release.key(), Map.of("approval", String.valueOf(id)));
    }

    /** Where not all users are on it the hotfix is decided anew: votes, clearance and traffic follow the dossier. */
    @Transactional
    void end(String releaseKey, long id) {
        Release release = releases.lock(releaseKey);
        Approval approval = approvals.get(id);
        boolean latest =
                approvals.latest(releaseKey).filter(newest -> newest.id() == id).isPresent();
        if (!latest
                || approval.endedAt() != null
                || !UNDER_WAY.contains(release.state())
                || isWithAllUsers(releaseKey)) {
            return;
        }
        approvals.end(id, clock.instant());
        timeline.record(
                releaseKey,
                "hotfix.approval-ended",
                Actors.PLATFORM,
                "The approval of %s ended at %s: the hotfix is decided anew"
                        .formatted(approval.decidedAt(), approval.endsAt()),
                Map.of("approval", id, "state", release.state().name()));
        dossiers.changed(releaseKey, "the approval of the hotfix ended");
    }

    private boolean isWithAllUsers(String releaseKey) {
        return rollouts.find(releaseKey)
                .filter(rollout -> rollout.status() == Rollouts.Status.COMPLETE)
                .isPresent();
    }
}
