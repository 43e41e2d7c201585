package dev.countersign.rollout.marker;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.kagkarlsson.scheduler.task.FailureHandler;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Brings one marker to Grafana, tried for about a day: first after ten seconds, then in ever longer pauses. No release waits for it. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty("countersign.rollout.grafana.url")
class GrafanaTask implements MarkerReceiver {
    private static final TaskDescriptor<Void> ANNOTATE = TaskDescriptor.of("annotate-grafana");
    private static final int TRIES = 14;

    @Override
    public TaskDescriptor<Void> task() {
        return ANNOTATE;
    }

    @Bean
    OneTimeTask<Void> annotateGrafana(MarkerStore store, GrafanaProperties properties, ObjectMapper json) {
        GrafanaAnnotations grafana = new GrafanaAnnotations(properties, json);
        return Tasks.oneTime(ANNOTATE)
                .onFailure(new FailureHandler.MaxRetriesFailureHandler<>(
                        TRIES, new FailureHandler.ExponentialBackoffFailureHandler<>(Duration.ofSeconds(10), 2)))
                .execute((instance, context) -> {
                    Marker marker = store.find(Long.parseLong(instance.getId())).orElseThrow();
                    try {
                        grafana.add(marker, context.getExecution().consecutiveFailures > 0);
                    } catch (IOException unreachable) {
                        throw new UncheckedIOException(unreachable);
                    }
                });
    }
}
