package dev.countersign.rollout.marker;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import dev.countersign.release.Release;
import dev.countersign.release.ReleaseState;
import dev.countersign.release.Releases;
import dev.countersign.release.StateChanged;
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
    private final Releases releases;
    private final MarkerStore store;
    private final MarkerSeries series;
    private final List<MarkerReceiver> receivers;
    private final ObjectProvider<SchedulerClient> scheduler;
    private final Clock clock;

    Markers(
            Releases releases,
            MarkerStore store,
            MarkerSeries series,
            ObjectProvider<MarkerReceiver> receivers,
            ObjectProvider<SchedulerClient> scheduler,
            Clock clock) {
        this.releases = releases;
        this.store = store;
        this.series = series;
        this.receivers = receivers.orderedStream().toList();
        this.scheduler = scheduler;
        this.clock = clock;
    }

    @EventListener
    void on(StateChanged change) {
        if (change.to() == ReleaseState.ROLLING_OUT && change.from() != ReleaseState.HELD) {
            mark(change.releaseKey(), "start", "rollout begins");
        } else if (change.to() == ReleaseState.STABLE) {
            mark(change.releaseKey(), "promotion", "is the stable version");
        } else if (change.to() == ReleaseState.ROLLING_BACK) {
            mark(change.releaseKey(), "rollback", "is rolled back");
        }
    }

    @EventListener
    void on(StepStarted started) {
        mark(
                started.releaseKey(),
                "step",
                "step %d, %.0f %% of the traffic".formatted(started.step(), started.share() * 100));
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
