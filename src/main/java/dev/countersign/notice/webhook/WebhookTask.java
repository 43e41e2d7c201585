package dev.countersign.notice.webhook;

import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import com.github.kagkarlsson.scheduler.task.helper.CustomTask;
import dev.countersign.notice.DeliveryTask;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Brings one notice to one receiver. */
@Configuration(proxyBeanMethods = false)
class WebhookTask {
    static final TaskDescriptor<Void> SEND = TaskDescriptor.of("send-webhook");

    @Bean
    CustomTask<Void> sendWebhook(WebhookDispatch dispatch, WebhookProperties properties) {
        return DeliveryTask.of(SEND, dispatch::send, properties::retryAfter);
    }
}
