package dev.countersign.rollout.correlation;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.FailureHandler;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import com.github.kagkarlsson.scheduler.task.helper.CustomTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import dev.countersign.identity.Actors;
import dev.countersign.observe.Correlations;
import dev.countersign.release.ReleaseState;
import dev.countersign.release.Releases;
import dev.countersign.release.StateChanged;
import dev.countersign.rollout.Rollouts;
import dev.countersign.rollout.Rollouts.StepStarted;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Asks in the background: again and again while a release is rolled out, once when traffic was taken back, and on demand. Nothing waits for an answer, least of all the way back. */
@Component
class CorrelationTask {
    private static final TaskDescriptor<Asked> CORRELATE = TaskDescriptor.of("correlate", Asked.class);
    private static final Set<ReleaseState> TAKEN_BACK = Set.of(ReleaseState.ROLLING_BACK, ReleaseState.HELD);
    private static final int TRIES = 10;
    private final ObjectProvider<SchedulerClient> scheduler;
    private final Correlations correlations;
    private final Releases releases;
    private final Rollouts rollouts;
    private final CorrelationProperties properties;
    private final Clock clock;

    CorrelationTask(
            ObjectProvider<SchedulerClient> scheduler,
            Correlations correlations,
            Releases releases,
            Rollouts rollouts,
            CorrelationProperties properties,
            Clock clock) {
        this.scheduler = scheduler;
        this.correlations = correlations;
        this.releases = releases;
        this.rollouts = rollouts;
        this.properties = properties;
        this.clock = clock;
    }

    @EventListener
    void on(StepStarted started) {
        if (correlations.serve(releases.get(started.releaseKey()).service())) {
            rollouts.find(started.releaseKey())
                    .ifPresent(rollout -> ask(
                            new Asked(
                                    started.releaseKey(),
                                    Asked.WATCH,
                                    Actors.PLATFORM,
                                    rollout.step(),
                                    rollout.epoch()),
                            properties.interval()));
        }
    }

    @EventListener
    void on(StateChanged change) {
        if (TAKEN_BACK.contains(change.to())
                && correlations.serve(releases.get(change.releaseKey()).service())) {
            rollouts.find(change.releaseKey())
                    .ifPresent(rollout -> ask(
                            new Asked(
                                    change.releaseKey(),
                                    Asked.BREACH,
                                    Actors.PLATFORM,
                                    rollout.step(),
                                    rollout.epoch()),
                            properties.settle()));
        }
    }

    /** @param person who asks; asked again before it is answered, it is asked once */
    void demand(String releaseKey, String person) {
        ask(new Asked(releaseKey, Asked.DEMAND, person, 0, 0), Duration.ZERO);
    }

    private void ask(Asked asked, Duration later) {
        String id = "%s/%s/%d#%d".formatted(asked.releaseKey(), asked.occasion(), asked.step(), asked.epoch());
        Instant at = clock.instant().plus(later);
        scheduler
                .getObject()
                .scheduleIfNotExists(CORRELATE.instance(id).data(asked).scheduledTo(at));
    }

    @Configuration(proxyBeanMethods = false)
    static class Definition {
        @Bean
        CustomTask<Asked> correlate(ObjectProvider<CorrelatedRelease> correlated, CorrelationProperties properties) {
            CompletionHandler<Asked> again =
                    new CompletionHandler.OnCompleteReschedule<>(FixedDelay.of(properties.interval()));
            CompletionHandler<Asked> over = new CompletionHandler.OnCompleteRemove<>();
            // A source that is silent is a gap of the finding and no failure.
            FailureHandler<Asked> later = new FailureHandler.MaxRetriesFailureHandler<>(
                    TRIES, new FailureHandler.OnFailureRetryLater<>(properties.interval()));
            return Tasks.custom(CORRELATE).onFailure(later).execute((instance, context) -> {
                try {
                    return correlated.getObject().look(instance.getData()) ? again : over;
                } catch (InterruptedException stopping) {
                    Thread.currentThread().interrupt();
                    return again;
                }
            });
        }
    }
}
