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

/** Takes traffic back again and again until the router reports that it is back. */
@Component
class TrafficRetry {
    private static final TaskDescriptor<String> TAKE_BACK = TaskDescriptor.of("take-traffic-back-again", String.class);
    private final ObjectProvider<SchedulerClient> scheduler;

    TrafficRetry(ObjectProvider<SchedulerClient> scheduler) {
        this.scheduler = scheduler;
    }

    /** @param epoch of the stop: a later one that fails too is not lost in an earlier one's last try */
    void untilBack(String releaseKey, int epoch) {
        scheduler
                .getObject()
                .scheduleIfNotExists(TAKE_BACK
                        .instance(releaseKey + "/" + epoch)
                        .data(releaseKey)
                        .scheduledTo(Instant.now()));
    }

    @Configuration(proxyBeanMethods = false)
    static class Task {
        @Bean
        OneTimeTask<String> takeTrafficBackAgain(ObjectProvider<TrafficControl> traffic) {
            return Tasks.oneTime(TAKE_BACK)
                    .onFailure(new FailureHandler.OnFailureRetryLater<>(Duration.ofSeconds(2)))
                    .execute((instance, context) -> {
                        try {
                            traffic.getObject().takeBackAgain(instance.getData());
                        } catch (IOException unreachable) {
                            throw new UncheckedIOException(unreachable);
                        }
                    });
        }
    }
}
