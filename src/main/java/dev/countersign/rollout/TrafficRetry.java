package dev.countersign.rollout;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.task.FailureHandler;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import java.time.Duration;
import java.time.Instant;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.stereotype.Component;

/** Takes traffic back again and again while a router does not answer. */
@Component
class TrafficRetry {
    private static final TaskDescriptor<Void> TAKE_BACK = TaskDescriptor.of("take-traffic-back");
    private final ObjectProvider<SchedulerClient> scheduler;

    TrafficRetry(ObjectProvider<SchedulerClient> scheduler) {
        this.scheduler = scheduler;
    }

    void untilBack(String releaseKey) {
        scheduler.getObject().scheduleIfNotExists(TAKE_BACK.instance(releaseKey).scheduledTo(Instant.now()));
    }

    @Configuration(proxyBeanMethods = false)
    static class Task {
        @Bean
        OneTimeTask<Void> takeTrafficBack(RolloutStore store, Targets targets) {
            return Tasks.oneTime(TAKE_BACK)
                    .onFailure(new FailureHandler.OnFailureRetryLater<>(Duration.ofSeconds(2)))
                    .execute((instance, context) -> takeBack(instance.getId(), store, targets));
        }

        private static void takeBack(String releaseKey, RolloutStore store, Targets targets) {
            Rollouts.Rollout rollout = store.find(releaseKey).orElseThrow();
            if (rollout.wanted() == 0 && Double.valueOf(0).equals(rollout.actual())
                    || rollout.status() == Rollouts.Status.RUNNING) {
                return; // a person or the ladder was faster
            }
            try {
                TrafficRouter router = targets.routerOf(rollout.service());
                router.setShare(rollout.service(), 0);
                store.split(releaseKey, 0, router.readShare(rollout.service()));
            } catch (java.io.IOException unreachable) {
                throw new java.io.UncheckedIOException(unreachable);
            }
        }
    }
}
