package dev.countersign.workflow;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.Mockito.mock;

import dev.countersign.api.CallBudget;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionSynchronizationUtils;

/** A step's calls end before the lock of its job does. */
@Tag("M3.2")
class JobLockTests {
    @Test
    void a_lock_that_ends_before_a_steps_calls_do_is_refused_at_the_start() {
        assertThatThrownBy(() -> new JobLock(19_999))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("lock-time-in-millis is 19999 and must be 20000 at least");
        assertThatCode(() -> new JobLock(20_000)).doesNotThrowAnyException();
    }

    @Test
    void whatever_a_step_calls_is_within_the_time_of_all_its_calls() throws Exception {
        Duration longer = CallBudget.OF_A_STEP.plusSeconds(30);
        List<Duration> left = new ArrayList<>();
        TransactionSynchronizationManager.initSynchronization();
        try {
            ReleaseStep.step((key, execution) -> left.add(CallBudget.atMost(longer)))
                    .execute(mock(DelegateExecution.class));
        } finally {
            TransactionSynchronizationUtils.triggerAfterCompletion(0);
            TransactionSynchronizationManager.clearSynchronization();
        }
        Assertions.assertThat(left).singleElement().satisfies(each -> Assertions.assertThat(each)
                .isLessThanOrEqualTo(CallBudget.OF_A_STEP));
    }
}
