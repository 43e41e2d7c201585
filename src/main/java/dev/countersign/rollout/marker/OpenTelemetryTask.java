package dev.countersign.rollout.marker;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.kagkarlsson.scheduler.task.FailureHandler;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Sends one marker as an event, tried for about a day: first after ten seconds, then in ever longer pauses. No release waits for it. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty("countersign.rollout.opentelemetry.url")
class OpenTelemetryTask implements MarkerReceiver {
    private static final TaskDescriptor<Void> SEND = TaskDescriptor.of("send-opentelemetry-event");
    private static final int TRIES = 14;

    @Override
    public TaskDescriptor<Void> task() {
        return SEND;
    }

    @Bean
    OneTimeTask<Void> sendOpenTelemetryEvent(
            MarkerStore store, OpenTelemetryProperties properties, ObjectMapper json, Clock clock) {
        OpenTelemetryEvents events = new OpenTelemetryEvents(properties, json, clock);
        return Tasks.oneTime(SEND)
                .onFailure(new FailureHandler.MaxRetriesFailureHandler<>(
                        TRIES, new FailureHandler.ExponentialBackoffFailureHandler<>(Duration.ofSeconds(10), 2)))
                .execute((instance, context) -> {
                    try {
                        events.send(store.find(Long.parseLong(instance.getId())).orElseThrow());
                    } catch (IOException unreachable) {
                        throw new UncheckedIOException(unreachable);
                    }
                });
    }
}
