package dev.countersign.workflow;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.Mockito.mock;

import dev.countersign.api.CallBudget;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.camunda.bpm.engine.OptimisticLockingException;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.impl.cfg.StandaloneInMemProcessEngineConfiguration;
import org.camunda.bpm.engine.impl.context.Context;
import org.camunda.bpm.engine.impl.jobexecutor.DefaultJobExecutor;
import org.camunda.bpm.engine.impl.jobexecutor.JobExecutor;
import org.camunda.bpm.engine.impl.jobexecutor.JobExecutorContext;
import org.camunda.bpm.engine.impl.persistence.entity.JobEntity;
import org.camunda.bpm.engine.impl.persistence.entity.MessageEntity;
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

    /** What a step has for its calls whose job is locked for so long yet; a failure where it does not run. */
    private static Duration left(boolean remote, String owner, Duration lock) throws Exception {
        JobExecutor executor = new DefaultJobExecutor();
        executor.setLockOwner("this-node");
        JobEntity job = new MessageEntity();
        job.setRetries(1);
        job.setLockOwner(owner);
        job.setLockExpirationTime(Date.from(Instant.now().plus(lock)));
        JobExecutorContext context = new JobExecutorContext();
        context.setCurrentJob(job);
        List<Duration> left = new ArrayList<>();
        ReleaseStep.Work work = (key, execution) -> left.add(CallBudget.atMost(Duration.ofMinutes(1)));
        Context.setProcessEngineConfiguration(new StandaloneInMemProcessEngineConfiguration().setJobExecutor(executor));
        Context.setJobExecutorContext(context);
        TransactionSynchronizationManager.initSynchronization();
        try {
            (remote ? ReleaseStep.remoteStep(work) : ReleaseStep.step(work)).execute(mock(DelegateExecution.class));
        } finally {
            TransactionSynchronizationUtils.triggerAfterCompletion(0);
            TransactionSynchronizationManager.clearSynchronization();
            Context.removeJobExecutorContext();
            Context.removeProcessEngineConfiguration();
        }
        return left.get(0);
    }

    @Test
    void a_job_that_has_waited_since_it_was_locked_has_what_is_left_for_its_calls() throws Exception {
        Assertions.assertThat(left(true, "this-node", Duration.ofSeconds(19)))
                .isLessThanOrEqualTo(Duration.ofSeconds(15));
        Assertions.assertThat(left(true, "this-node", Duration.ofMinutes(5))).isLessThanOrEqualTo(CallBudget.OF_A_STEP);
        Assertions.assertThat(left(false, "this-node", Duration.ofSeconds(-1))).isZero();
    }

    /** On its last attempt, too: a failure would be the end of it there. */
    @Test
    void a_job_that_has_waited_for_too_long_does_not_run_and_loses_no_attempt() {
        assertThatThrownBy(() -> left(true, "this-node", Duration.ofSeconds(11)))
                .isInstanceOf(OptimisticLockingException.class)
                .hasMessageContaining("locked anew");
        for (boolean remote : List.of(true, false)) {
            assertThatThrownBy(() -> left(remote, "that-node", Duration.ofSeconds(20)))
                    .isInstanceOf(OptimisticLockingException.class)
                    .hasMessageContaining("that-node locked it");
        }
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
