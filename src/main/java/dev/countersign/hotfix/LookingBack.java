package dev.countersign.hotfix;

import dev.countersign.evidence.LateEvidence;
import dev.countersign.gate.Gates;
import dev.countersign.gate.Gates.Gate;
import dev.countersign.hotfix.Hotfixes.Lookback;
import dev.countersign.identity.Actors;
import dev.countersign.incident.Tracking;
import dev.countersign.incident.Tracking.Wanted;
import dev.countersign.notice.Notices;
import dev.countersign.release.Clearances;
import dev.countersign.release.DeployedReleases;
import dev.countersign.release.HotfixRules;
import dev.countersign.release.Release;
import dev.countersign.release.ReleaseFilter;
import dev.countersign.release.ReleaseState;
import dev.countersign.release.Releases;
import dev.countersign.release.StateChanged;
import dev.countersign.release.Timeline;
import dev.countersign.workflow.Messages;
import dev.countersign.workflow.Processes;
import java.time.Clock;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** The review of a hotfix: opened when it is over, asked for until it is done, and what it says. */
@Service
class LookingBack implements LateEvidence {
    private static final String PROCESS = "hotfix-review";
    private static final int MOST = 200;
    /** Cleared, or soon so, with nothing at the target. */
    private static final Set<ReleaseState> BEFORE_USERS = EnumSet.of(
            ReleaseState.CRITERIA,
            ReleaseState.GATES,
            ReleaseState.REVIEW,
            ReleaseState.SCHEDULED,
            ReleaseState.ROLLING_OUT,
            ReleaseState.HELD);

    private final Releases releases;
    private final DeployedReleases deployed;
    private final LookbackStore reviews;
    private final Hotfixes hotfixes;
    private final HotfixRules rules;
    private final Gates gates;
    private final Tracking tracking;
    private final Clearances clearances;
    private final Processes processes;
    private final Messages messages;
    private final Notices notices;
    private final Timeline timeline;
    private final Clock clock;

    LookingBack(
            Releases releases,
            DeployedReleases deployed,
            LookbackStore reviews,
            Hotfixes hotfixes,
            HotfixRules rules,
            Gates gates,
            Tracking tracking,
            Clearances clearances,
            Processes processes,
            Messages messages,
            Notices notices,
            Timeline timeline,
            Clock clock) {
        this.releases = releases;
        this.deployed = deployed;
        this.reviews = reviews;
        this.hotfixes = hotfixes;
        this.rules = rules;
        this.gates = gates;
        this.tracking = tracking;
        this.clearances = clearances;
        this.processes = processes;
        this.messages = messages;
        this.notices = notices;
        this.timeline = timeline;
        this.clock = clock;
    }

    @EventListener
    void on(StateChanged change) {
        if (!change.to().isFinal()) {
            return;
        }
        Release release = releases.get(change.releaseKey());
        if (release.isHotfix()) {
            messages.send("hotfixSettled", release.key());
            if (deployed.contains(release.key())) {
                open(release);
            }
        }
    }

    private void open(Release release) {
        HotfixRules.Rules rule = rules.of(release);
        Instant now = clock.instant();
        Instant due = now.plus(rule.review());
        reviews.open(release.key(), release.service(), now, due);
        List<String> putOff = putOff(release).stream().map(Gate::name).toList();
        timeline.record(
                release.key(),
                "hotfix.review-opened",
                Actors.PLATFORM,
                "The hotfix must be reviewed until %s (%s)%s"
                        .formatted(
                                due,
                                rule.version(),
                                putOff.isEmpty() ? "" : "; put off were the gates " + String.join(", ", putOff)),
                Map.of("due", due.toString(), "putOff", putOff));
        mail(
                release,
                "action",
                Set.copyOf(rule.reviewers()),
                "Please review the hotfix %s, until %s".formatted(release.key(), due),
                "The hotfix %s is over. Somebody who did not decide on it looks back: was it needed, and has what it was spared been made up for?"
                        .formatted(release.key()));
        holdOthers(release);
        processes.start(rules.policyOf(release), PROCESS, release.key());
    }

    /**
     * What was cleared before begins no rollout on it: it is cleared again when the review is done. Each row is held first, so that whoever is being cleared at this moment
     * either is seen here, or sees the open review.
     */
    private void holdOthers(Release hotfix) {
        releases.list(new ReleaseFilter(Set.of(hotfix.service()), BEFORE_USERS, null, null, 0, MOST)).stream()
                .filter(other -> !other.key().equals(hotfix.key()) && !deployed.contains(other.key()))
                .map(other -> releases.lock(other.key()))
                .forEach(other -> hotfixes.blocks(other).ifPresent(why -> clearances.revoke(other.key(), why)));
    }

    /** Gates that the hotfix was spared. What was taken back is gone, and owes none of them. */
    List<Gate> putOff(Release release) {
        return release.state() == ReleaseState.STABLE
                ? gates.of(release.key()).stream().filter(Gate::isPutOff).toList()
                : List.of();
    }

    @Override
    public boolean isAwaited(Release release) {
        return release.isHotfix()
                && release.state() == ReleaseState.STABLE
                && reviews.find(release.key()).filter(Lookback::isOpen).isPresent();
    }

    void remind(String releaseKey) {
        Release release = releases.get(releaseKey);
        mail(
                release,
                "reminder",
                Set.copyOf(rules.of(release).reviewers()),
                "The hotfix %s waits for its review".formatted(releaseKey),
                "Half of the time is over. Until it is reviewed no ordinary release of %s is cleared."
                        .formatted(release.service()));
    }

    /** Returns how often it has been raised by now. */
    @Transactional
    int escalate(String releaseKey) {
        Release release = releases.get(releaseKey);
        reviews.escalated(releaseKey);
        Lookback late = reviews.find(releaseKey).orElseThrow();
        var told = new HashSet<>(rules.of(release).reviewers());
        EscalateHotfixReview.HEADS.forEach(head -> told.add(head.id()));
        mail(
                release,
                "escalation",
                told,
                "Overdue: review of the hotfix %s".formatted(releaseKey),
                "It was due at %s. No ordinary release of %s is cleared until somebody who did not decide on the hotfix has reviewed it; the heads of operations and product may do it too. You will be asked again until it is done."
                        .formatted(late.due(), release.service()));
        timeline.record(
                releaseKey,
                "hotfix.review-overdue",
                Actors.PLATFORM,
                "The review of the hotfix is overdue since %s, request %d".formatted(late.due(), late.escalations()),
                Map.of("escalations", late.escalations()));
        return late.escalations();
    }

    @Transactional
    void reviewed(Release release, boolean needed, String finding, String person, List<Wanted> actions) {
        if (!reviews.reviewed(release.key(), needed, finding, person, clock.instant())) {
            return;
        }
        timeline.record(
                release.key(),
                "hotfix.reviewed",
                person,
                "The hotfix was %s: %s".formatted(needed ? "needed" : "not needed", finding),
                Map.of("needed", needed, "actions", actions.size()));
        tracking.open(
                release,
                Tracking.Origin.HOTFIX,
                "the review of the hotfix %s found it needed".formatted(release.key()),
                actions);
    }

    private void mail(Release release, String kind, Set<String> groups, String subject, String line) {
        notices.mail(new Notices.Notice(
                release.key(),
                kind,
                groups,
                Set.of(),
                subject,
                List.of(
                        line,
                        "It answers: " + release.answers()
                                + ". The task in Tasklist shows which gates were put off and how they stand."),
                "/releases/" + release.key(),
                null));
    }
}
