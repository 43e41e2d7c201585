package dev.countersign.workflow;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.ExecutionOperations;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import com.github.kagkarlsson.scheduler.task.helper.CustomTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.camunda.bpm.engine.RuntimeService;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.stereotype.Component;

/** Messages as one-time tasks of the transaction that stored the fact. */
@Component
class CorrelatedMessages implements Messages {
    private static final TaskDescriptor<Message> CORRELATE = TaskDescriptor.of("correlate-message", Message.class);
    /** Nobody waited: the waiting step may be about to commit. It has looked at the facts before, so a few tries are enough. */
    private static final List<Duration> AGAIN =
            List.of(Duration.ofSeconds(1), Duration.ofSeconds(4), Duration.ofSeconds(15));

    private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
    private static final Duration LONGEST_RETRY = Duration.ofSeconds(10);

    private final ObjectProvider<SchedulerClient> scheduler;

    CorrelatedMessages(ObjectProvider<SchedulerClient> scheduler) {
        this.scheduler = scheduler;
    }

    @Override
    public void send(String message, String releaseKey) {
        scheduler
                .getObject()
                .scheduleIfNotExists(CORRELATE
                        .instance(UUID.randomUUID().toString())
                        .data(new Message(message, releaseKey, 0))
                        .scheduledTo(Instant.now()));
    }

    /**
     * The receiver was just at work, or the database was away. The fact is stored and somebody waits for it, at times within a budget of minutes: it
     * is tried soon and never given up.
     */
    private static void soonAgain(ExecutionComplete failed, ExecutionOperations<Message> operations) {
        int failures = failed.getExecution().consecutiveFailures;
        Duration wait = FIRST_RETRY.multipliedBy(1L << Math.min(failures, 30));
        operations.reschedule(
                failed, failed.getTimeDone().plus(wait.compareTo(LONGEST_RETRY) < 0 ? wait : LONGEST_RETRY));
    }

    record Message(String name, String releaseKey, int attempt) implements Serializable {}

    @Configuration(proxyBeanMethods = false)
    static class Correlation {
        @Bean
        CustomTask<Message> correlateMessage(RuntimeService runtime) {
            return Tasks.custom(CORRELATE)
                    .onFailure(CorrelatedMessages::soonAgain)
                    .execute((instance, context) -> {
                        Message message = instance.getData();
                        int receivers = WaitingExecutions.tell(runtime, message.name(), message.releaseKey());
                        if (receivers > 0 || message.attempt() >= AGAIN.size()) {
                            return new CompletionHandler.OnCompleteRemove<>();
                        }
                        Message next = new Message(message.name(), message.releaseKey(), message.attempt() + 1);
                        return (complete, operations) -> operations.reschedule(
                                complete, complete.getTimeDone().plus(AGAIN.get(message.attempt())), next);
                    });
        }
    }
}
