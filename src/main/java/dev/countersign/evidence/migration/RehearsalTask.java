package dev.countersign.evidence.migration;

import com.github.kagkarlsson.scheduler.task.FailureHandler;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import java.time.Duration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Rehearsals run outside the engine: they take as long as the scripts do. */
@Configuration(proxyBeanMethods = false)
class RehearsalTask {
    static final TaskDescriptor<String> REHEARSE = TaskDescriptor.of("rehearse-migration", String.class);

    @Bean
    OneTimeTask<String> rehearseMigration(ObjectProvider<Rehearsals> rehearsals) {
        return Tasks.oneTime(REHEARSE)
                // The scratch database is in use, or the platform's own did not answer.
                .onFailure(new FailureHandler.OnFailureRetryLater<>(Duration.ofSeconds(10)))
                .execute((instance, context) -> rehearsals.getObject().rehearse(instance.getData()));
    }
}
