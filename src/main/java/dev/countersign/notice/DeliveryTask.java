package dev.countersign.notice;

import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import com.github.kagkarlsson.scheduler.task.helper.CustomTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.LongFunction;

/** The background task of one delivery; its instance id is the delivery's id. It comes again until nothing is left to send. */
public final class DeliveryTask {
    private DeliveryTask() {}

    /**
     * @param send says after which wait to come again; empty when nothing is left to do
     * @param retryAfter how long to wait after so many failures of the task itself
     */
    public static CustomTask<Void> of(
            TaskDescriptor<Void> task, LongFunction<Optional<Duration>> send, IntFunction<Duration> retryAfter) {
        return Tasks.custom(task)
                .onFailure((complete, operations) -> operations.reschedule(
                        complete,
                        Instant.now().plus(retryAfter.apply(complete.getExecution().consecutiveFailures + 1))))
                .onDeadExecutionRevive()
                .execute((instance, context) -> next(send.apply(Long.parseLong(instance.getId()))));
    }

    private static CompletionHandler<Void> next(Optional<Duration> again) {
        return again.<CompletionHandler<Void>>map(wait -> (complete, operations) ->
                        operations.reschedule(complete, Instant.now().plus(wait)))
                .orElseGet(CompletionHandler.OnCompleteRemove::new);
    }
}
