package dev.countersign.preparation;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.task.FailureHandler;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.stereotype.Component;

/** One background task for each message whose time is known, written in the current transaction. */
@Component
class MessageClock {
    private static final TaskDescriptor<Void> SEND = TaskDescriptor.of("send-announcement");

    private final ObjectProvider<SchedulerClient> scheduler;
    private final Clock clock;

    MessageClock(ObjectProvider<SchedulerClient> scheduler, Clock clock) {
        this.scheduler = scheduler;
        this.clock = clock;
    }

    void those(List<Message> due) {
        due.forEach(message -> at(message, message.dueAt()));
    }

    private void at(Message message, Instant time) {
        // The scheduler has a clock of its own, which is the machine's.
        Instant when = time.isAfter(clock.instant()) ? time : Instant.now();
        scheduler
                .getObject()
                .scheduleIfNotExists(SEND.instance(String.valueOf(message.id())).scheduledTo(when));
    }

    @Configuration(proxyBeanMethods = false)
    static class Task {
        @Bean
        OneTimeTask<Void> sendAnnouncement(ObjectProvider<Announcing> announcing) {
            return Tasks.oneTime(SEND)
                    .onFailure(new FailureHandler.OnFailureRetryLater<>(Duration.ofSeconds(30)))
                    .execute((instance, context) -> announcing.getObject().send(Long.parseLong(instance.getId())));
        }
    }
}
