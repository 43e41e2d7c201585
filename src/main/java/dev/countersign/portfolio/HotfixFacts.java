package dev.countersign.portfolio;

import dev.countersign.gate.Gates.Gate;
import dev.countersign.hotfix.Hotfixes;
import dev.countersign.hotfix.Hotfixes.Approval;
import dev.countersign.hotfix.Hotfixes.Lookback;
import dev.countersign.incident.Tracking;
import dev.countersign.incident.Tracking.Tracked;
import dev.countersign.release.Release;
import dev.countersign.release.ReleaseState;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** What is particular to a hotfix, as pages and the API show it. */
@Component
class HotfixFacts {
    private final Hotfixes hotfixes;
    private final Tracking tracking;
    private final Clock clock;

    HotfixFacts(Hotfixes hotfixes, Tracking tracking, Clock clock) {
        this.hotfixes = hotfixes;
        this.tracking = tracking;
        this.clock = clock;
    }

    /**
     * @param fixes the incident or the reason that it answers
     * @param approvedUntil when the last approval ends or ended; null before the first
     * @param approvalOver whether that is past, or was ended before
     * @param approvals how often it was decided
     * @param putOff gates that are made up for in its review
     * @param review null until it is over, or where no user was ever on it
     * @param actions agreed in its review
     */
    record Facts(
            String fixes,
            Instant approvedUntil,
            boolean approvalOver,
            List<Approval> approvals,
            List<String> putOff,
            Lookback review,
            List<Tracked> actions) {}

    /** Null where the release is no hotfix. */
    Facts of(Release release, List<Gate> gates) {
        return hotfixes.of(release)
                .map(hotfix -> {
                    Approval last = hotfix.approvals().isEmpty()
                            ? null
                            : hotfix.approvals().get(hotfix.approvals().size() - 1);
                    return new Facts(
                            hotfix.fixes(),
                            last == null ? null : last.endsAt(),
                            last != null
                                    && (last.endedAt() != null || !last.endsAt().isAfter(clock.instant())),
                            hotfix.approvals(),
                            gates.stream()
                                    .filter(Gate::isPutOff)
                                    .map(Gate::name)
                                    .toList(),
                            hotfix.review(),
                            hotfix.review() == null ? List.of() : tracking.ofRelease(release.key()));
                })
                .orElse(null);
    }

    /** Why unreviewed hotfixes keep it back, as long as no user is on it. */
    Optional<String> blocks(Release release) {
        return release.state().isFinal() || isExposed(release) ? Optional.empty() : hotfixes.blocks(release);
    }

    private static boolean isExposed(Release release) {
        return release.state().isExposed()
                && release.state() != ReleaseState.ROLLING_OUT
                && release.state() != ReleaseState.HELD;
    }
}
