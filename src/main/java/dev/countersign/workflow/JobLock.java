package dev.countersign.workflow;

import dev.countersign.api.CallBudget;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/** Refuses to start with a lock of jobs that ends while a step's calls may still be under way: the step would run twice at the same time. */
@Component
final class JobLock {
    /** For the database, before the first call and after the last. */
    private static final Duration BESIDES = Duration.ofSeconds(4);

    JobLock(@Value("${camunda.bpm.job-execution.lock-time-in-millis:300000}") long millis) {
        Duration least = CallBudget.OF_A_STEP.plus(BESIDES);
        if (millis < least.toMillis()) {
            throw new IllegalArgumentException(
                    "camunda.bpm.job-execution.lock-time-in-millis is %d and must be %d at least: a step's calls may take %s"
                            .formatted(millis, least.toMillis(), CallBudget.OF_A_STEP));
        }
    }
}
