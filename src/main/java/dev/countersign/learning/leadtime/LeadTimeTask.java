package dev.countersign.learning.leadtime;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.FailureHandler;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import com.github.kagkarlsson.scheduler.task.helper.CustomTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import dev.countersign.learning.leadtime.ChangeSources.Located;
import dev.countersign.release.ReleaseState;
import dev.countersign.release.Releases;
import dev.countersign.release.StateChanged;
import java.io.Serializable;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Written with the state of a release and done after it: whoever holds the changes keeps no release from being stable. */
@Component
class LeadTimeTask {
    static final TaskDescriptor<Wish> ASK = TaskDescriptor.of("lead-time-of-changes", Wish.class);
    private static final Duration SOON = Duration.ofSeconds(30);

    private final ChangeSources sources;
    private final Releases releases;
    private final LeadTimeStore store;
    private final ObjectProvider<SchedulerClient> scheduler;
    private final Clock clock;

    LeadTimeTask(
            ChangeSources sources,
            Releases releases,
            LeadTimeStore store,
            ObjectProvider<SchedulerClient> scheduler,
            Clock clock) {
        this.sources = sources;
        this.releases = releases;
        this.store = store;
        this.scheduler = scheduler;
        this.clock = clock;
    }

    /** @param tries how often it was in vain */
    record Wish(String releaseKey, int tries) implements Serializable {}

    @EventListener
    void on(StateChanged change) {
        if (change.to() != ReleaseState.STABLE || sources.areNone()) {
            return;
        }
        Optional<Located> at = sources.of(releases.get(change.releaseKey()).service());
        if (at.isPresent()) {
            store.insert(Looked.awaited(change.releaseKey(), at.get(), clock.instant()));
            scheduler
                    .getObject()
                    .scheduleIfNotExists(ASK.instance(change.releaseKey())
                            .data(new Wish(change.releaseKey(), 0))
                            // The scheduler has a clock of its own, which is the machine's.
                            .scheduledTo(Instant.now()));
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Task {
        /** The scheduler's threads step rollouts on as well: a slow system holds one of them at most, on each node. */
        private final Semaphore one = new Semaphore(1);

        @Bean
        CustomTask<Wish> leadTimeOfChanges(ObjectProvider<Collecting> collecting) {
            return Tasks.custom(ASK)
                    .onFailure(new FailureHandler.MaxRetriesFailureHandler<>(
                            Collecting.TRIES,
                            new FailureHandler.ExponentialBackoffFailureHandler<>(SOON, 2),
                            (failed, operations) -> collecting
                                    .getObject()
                                    .giveUp(failed.getExecution().getId(), "asking failed again and again")))
                    .onDeadExecutionRevive()
                    .execute((instance, context) -> next(collecting.getObject(), instance.getData()));
        }

        private CompletionHandler<Wish> next(Collecting collecting, Wish wish) {
            if (!one.tryAcquire()) {
                return again(wish, SOON);
            }
            try {
                return collecting
                        .collect(wish.releaseKey(), wish.tries())
                        .map(pause -> again(new Wish(wish.releaseKey(), wish.tries() + 1), pause))
                        .orElseGet(CompletionHandler.OnCompleteRemove::new);
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("Interrupted while asking for changes", stopped);
            } finally {
                one.release();
            }
        }

        private static CompletionHandler<Wish> again(Wish wish, Duration pause) {
            return (complete, operations) ->
                    operations.reschedule(complete, Instant.now().plus(pause), wish);
        }
    }
}
