package dev.countersign.rollout;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.FailureHandler;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import com.github.kagkarlsson.scheduler.task.helper.CustomTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import dev.countersign.rollout.Rollouts.Rollout;
import dev.countersign.rollout.Rollouts.Status;
import dev.countersign.workflow.Messages;
import java.io.IOException;
import java.io.Serializable;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** Asks the target, outside the engine, whether the candidate runs, and tells the process when it does. */
@Component
class CandidateWatch {
    private static final TaskDescriptor<Watch> WATCH = TaskDescriptor.of("await-candidate", Watch.class);
    private static final Duration EVERY = Duration.ofSeconds(1);
    /** Longer than the model waits: whoever raised the model's wait gets an answer too. */
    private static final Duration GIVE_UP = Duration.ofHours(2);

    private final ObjectProvider<SchedulerClient> scheduler;
    private final Clock clock;

    CandidateWatch(ObjectProvider<SchedulerClient> scheduler, Clock clock) {
        this.scheduler = scheduler;
        this.clock = clock;
    }

    /** @param since when this deployment began: a release that is cleared again is deployed again, long after its rollout began */
    record Watch(String releaseKey, int epoch, Instant since) implements Serializable {}

    /** One watch for each epoch: it begins anew where the candidate is deployed again. */
    void untilRunning(Rollout rollout) {
        Watch watch = new Watch(rollout.releaseKey(), rollout.epoch(), clock.instant());
        scheduler
                .getObject()
                .scheduleIfNotExists(WATCH.instance(rollout.releaseKey() + "/" + rollout.epoch())
                        .data(watch)
                        .scheduledTo(Instant.now()));
    }

    @Configuration(proxyBeanMethods = false)
    static class Task {
        @Bean
        CustomTask<Watch> awaitCandidate(
                RolloutStore store, Targets targets, Messages messages, TransactionTemplate transaction, Clock clock) {
            return Tasks.custom(WATCH)
                    .onFailure(new FailureHandler.OnFailureRetryLater<>(EVERY))
                    .execute((instance, context) -> {
                        Watch watch = instance.getData();
                        Rollout rollout = store.find(watch.releaseKey()).orElseThrow();
                        boolean again = rollout.epoch() != watch.epoch() && rollout.status() == Status.RUNNING;
                        if (rollout.isBack() || again) {
                            return new CompletionHandler.OnCompleteRemove<>();
                        }
                        if (isRunning(targets, rollout)) {
                            transaction.executeWithoutResult(
                                    status -> messages.send("candidateRunning", watch.releaseKey()));
                            return new CompletionHandler.OnCompleteRemove<>();
                        }
                        if (watch.since().plus(GIVE_UP).isBefore(clock.instant())) {
                            return new CompletionHandler.OnCompleteRemove<>();
                        }
                        return (complete, operations) ->
                                operations.reschedule(complete, Instant.now().plus(EVERY));
                    });
        }

        private static boolean isRunning(Targets targets, Rollout rollout) {
            try {
                return targets.deployerOf(rollout.service())
                        .candidateDigest(rollout.service())
                        .isPresent();
            } catch (IOException silent) {
                return false; // asked again; the model's timer bounds the wait
            }
        }
    }
}
