package dev.countersign.incident.reported;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.FailureHandler;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import com.github.kagkarlsson.scheduler.task.helper.CustomTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.camunda.bpm.engine.OptimisticLockingException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.stereotype.Component;

/** Written with a delivery and done after it, some incidents at a time and until it succeeds: whatever keeps the engine from asking loses no incident. */
@Component
class AttributionTask {
    static final int AT_ONCE = 50;
    private static final TaskDescriptor<String> ASK = TaskDescriptor.of("ask-what-caused-incidents", String.class);
    private static final String BETWEEN = " ";

    private final ObjectProvider<SchedulerClient> scheduler;

    AttributionTask(ObjectProvider<SchedulerClient> scheduler) {
        this.scheduler = scheduler;
    }

    /** One task, however many they are. */
    void soon(Collection<String> keys) {
        if (!keys.isEmpty()) {
            scheduler
                    .getObject()
                    .scheduleIfNotExists(ASK.instance(UUID.randomUUID().toString())
                            .data(String.join(BETWEEN, keys))
                            // The scheduler has a clock of its own, which is the machine's.
                            .scheduledTo(Instant.now()));
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Task {
        private static final Logger LOG = LoggerFactory.getLogger(AttributionTask.class);

        /** Until a change of the models is approved that brings the question. */
        private static final Duration UNKNOWN = Duration.ofMinutes(15);

        private static final Duration FAILED = Duration.ofSeconds(30);

        @Bean
        CustomTask<String> askWhatCausedIncidents(
                ObjectProvider<AttributionQuestions> questions, AttributionTask task) {
            return Tasks.custom(ASK)
                    .onFailure(new FailureHandler.OnFailureRetryLater<>(FAILED))
                    .onDeadExecutionRevive()
                    .execute((instance, context) -> next(questions.getObject(), task, instance.getData()));
        }

        private static CompletionHandler<String> next(
                AttributionQuestions questions, AttributionTask task, String data) {
            List<String> keys = List.of(data.split(BETWEEN));
            int now = Math.min(AT_ONCE, keys.size());
            if (!seeTo(questions, task, keys.subList(0, now))) {
                return (complete, operations) ->
                        operations.reschedule(complete, complete.getTimeDone().plus(UNKNOWN), data);
            }
            if (now == keys.size()) {
                return new CompletionHandler.OnCompleteRemove<>();
            }
            String left = String.join(BETWEEN, keys.subList(now, keys.size()));
            return (complete, operations) -> operations.reschedule(complete, complete.getTimeDone(), left);
        }

        /**
         * Those that fail together are seen to one by one, so that whichever cannot be asked about keeps no other waiting. Where none of them can, or somebody else was only faster, they
         * stay together and are tried again.
         *
         * @return false where the models in force do not know how to ask
         */
        private static boolean seeTo(AttributionQuestions questions, AttributionTask task, List<String> some) {
            try {
                return questions.settle(some);
            } catch (TransientDataAccessException | OptimisticLockingException passing) {
                throw passing;
            } catch (RuntimeException failed) {
                List<String> stuck = some.size() == 1 ? some : oneByOne(questions, some);
                if (stuck.size() == some.size()) {
                    throw failed;
                }
                LOG.warn("Nobody can be asked about {}: tried again by itself", stuck, failed);
                stuck.forEach(key -> task.soon(List.of(key)));
                return true;
            }
        }

        /** Those that fail. */
        private static List<String> oneByOne(AttributionQuestions questions, List<String> some) {
            List<String> failing = new ArrayList<>();
            for (String key : some) {
                try {
                    questions.settle(List.of(key));
                } catch (RuntimeException failed) {
                    LOG.debug("Nobody can be asked about {}", key, failed);
                    failing.add(key);
                }
            }
            return failing;
        }
    }
}
