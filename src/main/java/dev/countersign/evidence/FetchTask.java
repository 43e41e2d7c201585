package dev.countersign.evidence;

import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import com.github.kagkarlsson.scheduler.task.helper.CustomTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The background task of one system and one release: outside the engine, shared by all nodes through the database. It comes again while a gate waits. */
@Configuration(proxyBeanMethods = false)
class FetchTask {
    static final TaskDescriptor<Wish> FETCH = TaskDescriptor.of("fetch-evidence", Wish.class);

    /** @param asked whether somebody asked for it, and not only the wait for a document */
    record Wish(String releaseKey, String source, boolean asked) implements Serializable {
        String id() {
            return releaseKey + " " + source + (asked ? " asked" : "");
        }
    }

    @Bean
    CustomTask<Wish> fetchEvidenceAgain(Fetching fetching, EvidenceProperties properties) {
        return Tasks.custom(FETCH)
                .onFailure((failed, operations) -> operations.reschedule(
                        failed,
                        Instant.now().plus(properties.fetch().pause(failed.getExecution().consecutiveFailures + 1))))
                .onDeadExecutionRevive()
                .execute((instance, context) -> next(fetching.again(instance.getData())));
    }

    private static CompletionHandler<Wish> next(Optional<Duration> again) {
        return again.<CompletionHandler<Wish>>map(wait -> (complete, operations) ->
                        operations.reschedule(complete, Instant.now().plus(wait)))
                .orElseGet(CompletionHandler.OnCompleteRemove::new);
    }
}
