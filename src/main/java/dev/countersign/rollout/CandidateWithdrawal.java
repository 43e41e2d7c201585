package dev.countersign.rollout;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.task.FailureHandler;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.stereotype.Component;

/** Takes the candidate of a given-up release away, tried until the target answers. */
@Component
class CandidateWithdrawal {
    private static final TaskDescriptor<Void> WITHDRAW = TaskDescriptor.of("withdraw-candidate");
    private final ObjectProvider<SchedulerClient> scheduler;

    CandidateWithdrawal(ObjectProvider<SchedulerClient> scheduler) {
        this.scheduler = scheduler;
    }

    void withdraw(String releaseKey) {
        scheduler.getObject().scheduleIfNotExists(WITHDRAW.instance(releaseKey).scheduledTo(Instant.now()));
    }

    @Configuration(proxyBeanMethods = false)
    static class Task {
        @Bean
        OneTimeTask<Void> withdrawGivenUpCandidate(ObjectProvider<GivenUpCandidate> candidate) {
            return Tasks.oneTime(WITHDRAW)
                    .onFailure(new FailureHandler.OnFailureRetryLater<>(Duration.ofSeconds(10)))
                    .execute((instance, context) -> {
                        try {
                            candidate.getObject().takeAway(instance.getId());
                        } catch (IOException unreachable) {
                            throw new UncheckedIOException(unreachable);
                        }
                    });
        }
    }
}
