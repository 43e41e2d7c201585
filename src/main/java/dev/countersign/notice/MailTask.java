package dev.countersign.notice;

import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import com.github.kagkarlsson.scheduler.task.helper.CustomTask;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Brings one mail to its people. */
@Configuration(proxyBeanMethods = false)
class MailTask {
    static final TaskDescriptor<Void> SEND = TaskDescriptor.of("send-mail");

    @Bean
    CustomTask<Void> sendMail(MailDispatch dispatch, MailSettings settings) {
        return DeliveryTask.of(SEND, dispatch::send, settings::retryAfter);
    }
}
