package dev.countersign.rollout.correlation;

import dev.countersign.identity.Actors;
import dev.countersign.observe.correlation.Finding;
import dev.countersign.observe.correlation.Finding.Outcome;
import dev.countersign.release.Release;
import dev.countersign.release.ReleaseState;
import dev.countersign.rollout.Halt;
import dev.countersign.rollout.Rollouts;
import dev.countersign.rollout.Rollouts.Rollout;
import dev.countersign.rollout.Rollouts.Status;
import dev.countersign.rollout.TrafficControl;
import dev.countersign.workflow.Decisions;
import java.time.Clock;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Does what the table {@code correlation-actions} says of a release that is the root, in the version that the release began with. It only ever takes traffic back: no finding moves a
 * release on, keeps it from going back, or clears it of what the judge found.
 */
@Component
class CascadeActions {
    private static final Logger LOG = LoggerFactory.getLogger(CascadeActions.class);
    private static final String TABLE = "correlation-actions";
    private static final String RECORD = "record";
    private static final String HALT = "halt";
    private final Decisions decisions;
    private final Rollouts rollouts;
    private final TrafficControl traffic;
    private final Halt halt;
    private final Clock clock;

    CascadeActions(Decisions decisions, Rollouts rollouts, TrafficControl traffic, Halt halt, Clock clock) {
        this.decisions = decisions;
        this.rollouts = rollouts;
        this.traffic = traffic;
        this.halt = halt;
        this.clock = clock;
    }

    /** @param words for the timeline, after the finding's sentence @param version of the table; none where it was not asked */
    record Done(String action, String words, String version) {
        boolean isRecord() {
            return RECORD.equals(action);
        }
    }

    private record Decided(String action, String version) {}

    /** In the transaction that stores the finding. */
    Done act(Release release, Finding finding) {
        Rollout rollout = rollouts.find(release.key()).orElse(null);
        boolean halts = rollout != null && (rollout.status() == Status.RUNNING || rollout.status() == Status.PAUSED);
        boolean stabilising =
                rollout != null && rollout.status() == Status.COMPLETE && release.state() == ReleaseState.STABILISING;
        if (finding.outcome() != Outcome.ROOT || !(halts || stabilising) || rollout.trippedAt() != null) {
            return new Done(RECORD, "", "not asked");
        }
        if (!decisions.knows(release.policy(), TABLE)) {
            return new Done(RECORD, " (recorded: the release began before there was a table for this)", "not asked");
        }
        Decided decided = decide(release, finding, stabilising);
        if (decided.action().equals("rollback")) {
            traffic.trip(release.key(), Actors.PLATFORM, finding.sentence(), clock.instant());
            return new Done(decided.action(), " (rolled back)", decided.version());
        }
        if (!halts && !decided.action().equals(HALT) && !decided.action().equals(RECORD)) {
            traffic.trip(release.key(), Actors.PLATFORM, finding.sentence(), clock.instant());
            return new Done("rollback", " (rolled back: the table gives no action that is known)", decided.version());
        }
        if (!decided.action().equals(RECORD) && halt.ifItMoves(release.key(), finding.sentence())) {
            return new Done(HALT, " (halted)", decided.version());
        }
        return new Done(RECORD, " (recorded)", decided.version());
    }

    /** A table that does not answer halts: a release that is the root of what goes wrong does not go on because nobody said what that means. */
    private Decided decide(Release release, Finding finding, boolean stabilising) {
        Map<String, Object> facts = Map.of(
                "tier",
                Objects.requireNonNullElse(release.tier(), "critical"),
                "reason",
                finding.reason().name().toLowerCase(Locale.ROOT),
                "relation",
                finding.relation().name().toLowerCase(Locale.ROOT),
                "kind",
                finding.kind().name().toLowerCase(Locale.ROOT).replace('_', ' '),
                "phase",
                stabilising ? "stabilisation" : "step");
        try {
            Decisions.Answered answer = decisions.ask(release.policy(), TABLE, facts);
            return new Decided(String.valueOf(answer.single().get("action")), answer.version());
        } catch (RuntimeException unanswered) {
            LOG.error("The table {} does not answer for {}", TABLE, facts, unanswered);
            return new Decided("unanswered", TABLE + " without an answer");
        }
    }
}
