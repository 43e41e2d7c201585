package dev.countersign.incident.reported;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.FailureHandler;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import com.github.kagkarlsson.scheduler.task.helper.CustomTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.stereotype.Component;

/** Written with a delivery and done after it, some incidents at a time and until it succeeds: whatever keeps the engine from asking loses no incident. */
@Component
class AttributionTask {
    static final int AT_ONCE = 50;
    private static final TaskDescriptor<String> ASK = TaskDescriptor.of("ask-what-caused-incidents", String.class);
    private static final String BETWEEN = " ";

    private final ObjectProvider<SchedulerClient> scheduler;

    AttributionTask(ObjectProvider<SchedulerClient> scheduler) {
        this.scheduler = scheduler;
    }

    /** One task, however many they are. */
    void soon(Collection<String> keys) {
        if (!keys.isEmpty()) {
            scheduler
                    .getObject()
                    .scheduleIfNotExists(ASK.instance(UUID.randomUUID().toString())
                            .data(String.join(BETWEEN, keys))
                            // The scheduler has a clock of its own, which is the machine's.
                            .scheduledTo(Instant.now()));
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Task {
        /** Until a change of the models is approved that brings the question. */
        private static final Duration UNKNOWN = Duration.ofMinutes(15);

        private static final Duration FAILED = Duration.ofSeconds(30);

        @Bean
        CustomTask<String> askWhatCausedIncidents(ObjectProvider<AttributionQuestions> questions) {
            return Tasks.custom(ASK)
                    .onFailure(new FailureHandler.OnFailureRetryLater<>(FAILED))
                    .onDeadExecutionRevive()
                    .execute((instance, context) -> next(questions.getObject(), instance.getData()));
        }

        private static CompletionHandler<String> next(AttributionQuestions questions, String data) {
            List<String> keys = List.of(data.split(BETWEEN));
            int now = Math.min(AT_ONCE, keys.size());
            if (!questions.settle(keys.subList(0, now))) {
                return (complete, operations) ->
                        operations.reschedule(complete, complete.getTimeDone().plus(UNKNOWN), data);
            }
            if (now == keys.size()) {
                return new CompletionHandler.OnCompleteRemove<>();
            }
            String left = String.join(BETWEEN, keys.subList(now, keys.size()));
            return (complete, operations) -> operations.reschedule(complete, complete.getTimeDone(), left);
        }
    }
}
