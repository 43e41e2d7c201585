package dev.countersign.rollout.correlation;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.countersign.observe.Correlations;
import dev.countersign.observe.correlation.Finding;
import dev.countersign.observe.correlation.Finding.Outcome;
import dev.countersign.observe.correlation.Question;
import dev.countersign.observe.correlation.Question.Step;
import dev.countersign.release.Release;
import dev.countersign.release.ReleaseState;
import dev.countersign.release.Releases;
import dev.countersign.release.Timeline;
import dev.countersign.rollout.FoundRoots.FoundRoot;
import dev.countersign.rollout.Rollouts;
import dev.countersign.rollout.Rollouts.Rollout;
import dev.countersign.rollout.Rollouts.Status;
import dev.countersign.rollout.Rollouts.StepRecord;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** One look at a release: asked outside of any transaction, stored with what follows in one. */
@Component
class CorrelatedRelease {
    private static final Set<Status> MOVING = Set.of(Status.RUNNING, Status.PAUSED);
    private static final Set<ReleaseState> WITH_USERS = Set.of(ReleaseState.ROLLING_OUT, ReleaseState.STABILISING);
    private final Correlations correlations;
    private final CorrelationStore store;
    private final CascadeActions actions;
    private final Releases releases;
    private final Rollouts rollouts;
    private final Timeline timeline;
    private final CorrelationProperties properties;
    private final ObjectMapper json;
    private final TransactionTemplate transaction;
    private final Clock clock;

    CorrelatedRelease(
            Correlations correlations,
            CorrelationStore store,
            CascadeActions actions,
            Releases releases,
            Rollouts rollouts,
            Timeline timeline,
            CorrelationProperties properties,
            ObjectMapper json,
            PlatformTransactionManager transactions,
            Clock clock) {
        this.correlations = correlations;
        this.store = store;
        this.actions = actions;
        this.releases = releases;
        this.rollouts = rollouts;
        this.timeline = timeline;
        this.properties = properties;
        this.json = json;
        this.transaction = new TransactionTemplate(transactions);
        this.clock = clock;
    }

    /** @return whether to look again: the watch of a step goes on as long as the step, and through the stabilisation */
    boolean look(Asked asked) throws InterruptedException {
        Rollout rollout = rollouts.find(asked.releaseKey()).orElse(null);
        if (rollout == null || asked.isWatch() && !isWatched(asked, rollout)) {
            return false;
        }
        Optional<Question> question = question(rollout);
        if (question.isEmpty()) {
            return asked.isWatch();
        }
        Finding finding = correlations.of(question.get());
        transaction.executeWithoutResult(status -> store(asked, finding));
        return asked.isWatch()
                && isWatched(asked, rollouts.find(asked.releaseKey()).orElseThrow());
    }

    /** Once all users are on it the watch of the last step stands for all that follows: an unclear verdict and a halt begin new epochs, and users stay. */
    private boolean isWatched(Asked asked, Rollout rollout) {
        boolean moves = MOVING.contains(rollout.status()) && rollout.epoch() == asked.epoch();
        boolean stabilising = rollout.status() == Status.COMPLETE
                && WITH_USERS.contains(releases.get(asked.releaseKey()).state());
        return rollout.trippedAt() == null && rollout.step() == asked.step() && (moves || stabilising);
    }

    /** Empty while the candidate had no traffic that could have done anything. */
    private Optional<Question> question(Rollout rollout) {
        List<Step> steps = new ArrayList<>();
        Instant stopped = null;
        for (StepRecord step : rollouts.stepsOf(rollout.releaseKey())) {
            if (steps.isEmpty() || step.share() > steps.get(steps.size() - 1).share()) {
                steps.add(new Step(step.startedAt(), step.share()));
            }
            stopped = step.endedAt();
        }
        Instant settled = clock.instant().minus(properties.settle());
        boolean moves = MOVING.contains(rollout.status()) || rollout.status() == Status.COMPLETE;
        Instant over = rollout.trafficBackAt() != null ? rollout.trafficBackAt() : moves ? null : stopped;
        Instant until = over != null && over.isBefore(settled) ? over : settled;
        if (steps.isEmpty() || !steps.get(0).at().isBefore(until)) {
            return Optional.empty();
        }
        Release release = releases.get(rollout.releaseKey());
        return Optional.of(new Question(
                rollout.service(),
                Set.of(rollout.candidate(), release.version()),
                steps.stream().filter(step -> step.at().isBefore(until)).toList(),
                until));
    }

    /** A watch stores what is news; whoever asked is answered each time. */
    private void store(Asked asked, Finding finding) {
        boolean known = store.latest(asked.releaseKey())
                .filter(last -> last.outcome().equals(finding.outcome().name())
                        && last.reason().equals(finding.reason().name())
                        && Objects.equals(last.service(), finding.service()))
                .isPresent();
        boolean root = finding.outcome() == Outcome.ROOT;
        if (asked.isWatch() && !root && (known || finding.outcome() == Outcome.UNDETERMINED)) {
            return;
        }
        Release release = releases.get(asked.releaseKey());
        // The table is asked each time: somebody may have resumed since, or another step, kind or phase calls for more.
        CascadeActions.Done done = actions.act(release, finding);
        if (asked.isWatch() && known && done.isRecord()) {
            return;
        }
        store.insert(
                asked.releaseKey(),
                new FoundRoot(
                        0,
                        asked.occasion(),
                        asked.by(),
                        clock.instant(),
                        finding.outcome().name(),
                        finding.reason().name(),
                        finding.service(),
                        finding.sentence(),
                        done.action(),
                        json.valueToTree(Map.of(
                                "anomalies", finding.anomalies(),
                                "carried", finding.carried(),
                                "calls", finding.graph().calls(),
                                "callsSeen", finding.graph().seen(),
                                "gaps", finding.gaps())),
                        finding.ruleVersion()));
        timeline.record(
                asked.releaseKey(),
                "correlation.found",
                asked.by(),
                finding.sentence() + done.words(),
                Map.of(
                        "outcome", finding.outcome().name(),
                        "reason", finding.reason().name(),
                        "service", String.valueOf(finding.service()),
                        "occasion", asked.occasion(),
                        "action", done.action(),
                        "rule", finding.ruleVersion(),
                        "table", done.version()));
    }
}
