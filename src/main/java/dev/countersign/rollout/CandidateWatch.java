package dev.countersign.rollout;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.FailureHandler;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import com.github.kagkarlsson.scheduler.task.helper.CustomTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import dev.countersign.workflow.Messages;
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
    private static final TaskDescriptor<Void> WATCH = TaskDescriptor.of("watch-candidate");
    private static final Duration EVERY = Duration.ofSeconds(1);
    /** Longer than the model waits: whoever raised the model's wait gets an answer too. */
    private static final Duration GIVE_UP = Duration.ofHours(2);

    private final ObjectProvider<SchedulerClient> scheduler;

    CandidateWatch(ObjectProvider<SchedulerClient> scheduler) {
        this.scheduler = scheduler;
    }

    void untilRunning(String releaseKey) {
        scheduler.getObject().scheduleIfNotExists(WATCH.instance(releaseKey).scheduledTo(Instant.now()));
    }

    @Configuration(proxyBeanMethods = false)
    static class Task {
        @Bean
        CustomTask<Void> watchCandidate(
                RolloutStore store, Targets targets, Messages messages, TransactionTemplate transaction) {
            return Tasks.custom(WATCH)
                    .onFailure(new FailureHandler.OnFailureRetryLater<>(EVERY))
                    .execute((instance, context) -> {
                        Rollouts.Rollout rollout = store.find(instance.getId()).orElseThrow();
                        if (rollout.isBack()
                                || rollout.startedAt().plus(GIVE_UP).isBefore(Instant.now())) {
                            return new CompletionHandler.OnCompleteRemove<>();
                        }
                        if (isRunning(targets, rollout)) {
                            transaction.executeWithoutResult(
                                    status -> messages.send("candidateRunning", instance.getId()));
                            return new CompletionHandler.OnCompleteRemove<>();
                        }
                        return (complete, operations) ->
                                operations.reschedule(complete, Instant.now().plus(EVERY));
                    });
        }

        private static boolean isRunning(Targets targets, Rollouts.Rollout rollout) {
            try {
                return targets.deployerOf(rollout.service())
                        .candidateDigest(rollout.service())
                        .isPresent();
            } catch (java.io.IOException silent) {
                return false; // asked again; the model's timer bounds the wait
            }
        }
    }
}
