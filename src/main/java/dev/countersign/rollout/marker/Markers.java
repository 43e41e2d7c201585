package dev.countersign.rollout.marker;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import dev.countersign.release.Release;
import dev.countersign.release.ReleaseState;
import dev.countersign.release.Releases;
import dev.countersign.release.StateChanged;
import dev.countersign.rollout.Rollouts;
import dev.countersign.rollout.Rollouts.Rollout;
import dev.countersign.rollout.Rollouts.StepStarted;
import java.time.Clock;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Marks start, steps, promotion and rollback, in the transaction in which they happen: what was rolled back leaves no marker, and no crash loses one. */
@Component
class Markers {
    private static final String START = "start";
    private final Releases releases;
    private final Rollouts rollouts;
    private final MarkerStore store;
    private final MarkerSeries series;
    private final List<MarkerReceiver> receivers;
    private final ObjectProvider<SchedulerClient> scheduler;
    private final Clock clock;

    Markers(
            Releases releases,
            Rollouts rollouts,
            MarkerStore store,
            MarkerSeries series,
            ObjectProvider<MarkerReceiver> receivers,
            ObjectProvider<SchedulerClient> scheduler,
            Clock clock) {
        this.releases = releases;
        this.rollouts = rollouts;
        this.store = store;
        this.series = series;
        this.receivers = receivers.orderedStream().toList();
        this.scheduler = scheduler;
        this.clock = clock;
    }

    @EventListener
    void on(StateChanged change) {
        if (change.to() == ReleaseState.STABLE) {
            mark(change.releaseKey(), "promotion", "is the stable version");
        } else if (change.to() == ReleaseState.ROLLING_BACK) {
            mark(change.releaseKey(), "rollback", "is rolled back");
        }
    }

    /**
     * The first step is the start: before it nothing of the release meets users, and the version before it may still be rolled out. Whatever goes on after it was stopped
     * has started already, unless it was stopped before its first step.
     */
    @EventListener
    void on(StepStarted started) {
        Rollout rollout = rollouts.find(started.releaseKey()).orElseThrow();
        if (started.step() == 1 && (rollout.epoch() == 1 || !store.has(started.releaseKey(), START))) {
            mark(started.releaseKey(), START, "rollout begins");
        }
        mark(
                started.releaseKey(),
                "step",
                (rollout.plan().step(started.step()).isByFlag()
                                ? "step %d, the flag is on for %.0f %% of the users"
                                : "step %d, %.0f %% of the traffic")
                        .formatted(started.step(), started.share() * 100));
    }

    private void mark(String releaseKey, String phase, String what) {
        Release release = releases.get(releaseKey);
        Marker marker = store.insert(
                release, phase, "%s %s: %s".formatted(release.service(), release.version(), what), clock.instant());
        receivers.forEach(receiver -> scheduler
                .getObject()
                .scheduleIfNotExists(
                        receiver.task().instance(String.valueOf(marker.id())).scheduledTo(clock.instant())));
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                series.show(marker);
            }
        });
    }
}
