package dev.countersign.notice.webhook;

import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import com.github.kagkarlsson.scheduler.task.helper.CustomTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The background task of one delivery; its instance id is the delivery's id. It comes again until nothing is left to send. */
@Configuration(proxyBeanMethods = false)
class WebhookTask {
    static final TaskDescriptor<Void> SEND = TaskDescriptor.of("send-webhook");

    @Bean
    CustomTask<Void> sendWebhook(WebhookDispatch dispatch, WebhookProperties properties) {
        return Tasks.custom(SEND)
                .onFailure((complete, operations) -> operations.reschedule(
                        complete,
                        Instant.now().plus(properties.retryAfter(complete.getExecution().consecutiveFailures + 1))))
                .onDeadExecutionRevive()
                .execute((instance, context) -> next(dispatch.send(Long.parseLong(instance.getId()))));
    }

    private static CompletionHandler<Void> next(Optional<Duration> again) {
        return again.<CompletionHandler<Void>>map(wait -> (complete, operations) ->
                        operations.reschedule(complete, Instant.now().plus(wait)))
                .orElseGet(CompletionHandler.OnCompleteRemove::new);
    }
}
