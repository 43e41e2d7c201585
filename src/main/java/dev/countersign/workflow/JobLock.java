package dev.countersign.workflow;

import dev.countersign.api.CallBudget;
import java.time.Duration;
import org.camunda.bpm.engine.OptimisticLockingException;
import org.camunda.bpm.engine.impl.context.Context;
import org.camunda.bpm.engine.impl.jobexecutor.JobExecutorContext;
import org.camunda.bpm.engine.impl.persistence.entity.JobEntity;
import org.camunda.bpm.engine.impl.util.ClockUtil;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * Keeps a step's calls within the lock of its job: another node would run the step at the same time. Refuses to start with a lock that is too short for a whole step, and
 * counts what a job has waited since it was locked: a whole batch is locked at once, and waits for its turn.
 */
@Component
final class JobLock {
    /** For the database, before the first call and after the last. */
    private static final Duration BESIDES = Duration.ofSeconds(4);

    /** With less, calls that are only slow would be cut short, and held against the release. Much more would give jobs back that have hardly waited. */
    private static final Duration LEAST = Duration.ofSeconds(8);

    JobLock(@Value("${camunda.bpm.job-execution.lock-time-in-millis:300000}") long millis) {
        Duration least = CallBudget.OF_A_STEP.plus(BESIDES);
        if (millis < least.toMillis()) {
            throw new IllegalArgumentException(
                    "camunda.bpm.job-execution.lock-time-in-millis is %d and must be %d at least: a step's calls may take %s"
                            .formatted(millis, least.toMillis(), CallBudget.OF_A_STEP));
        }
    }

    /**
     * Begins the time of a step's calls with what is left of the job's lock. A job that has waited for too long goes back to be locked anew.
     *
     * @throws OptimisticLockingException which the engine counts as no attempt, and no step may turn into an outcome
     */
    static void beginCalls(boolean remote) {
        JobEntity job = lockedJob();
        if (job == null || CallBudget.hasBegun()) {
            CallBudget.begin();
            return;
        }
        requireOwn(job);
        Duration left = Duration.between(
                        ClockUtil.getCurrentTime().toInstant(),
                        job.getLockExpirationTime().toInstant())
                .minus(BESIDES);
        if (remote && left.compareTo(LEAST) < 0) {
            throw new OptimisticLockingException(
                    "The job %s has waited until its lock left %s for its calls: it is locked anew before it runs"
                            .formatted(job.getId(), left.isNegative() ? Duration.ZERO : left));
        }
        CallBudget.begin(left);
    }

    /** Another node may have locked it since, and runs it: its lock is left alone, which the engine does where it is not the one that this run began with. */
    private static void requireOwn(JobEntity job) {
        String own = Context.getProcessEngineConfiguration().getJobExecutor().getLockOwner();
        if (!own.equals(job.getLockOwner())) {
            job.setLockExpirationTime(null);
            throw new OptimisticLockingException("The job %s has waited until %s locked it: it runs there"
                    .formatted(job.getId(), job.getLockOwner()));
        }
    }

    /** Null outside a job, and for one that is run by hand and has no lock. */
    private static JobEntity lockedJob() {
        JobExecutorContext context = Context.getJobExecutorContext();
        JobEntity job = context == null ? null : context.getCurrentJob();
        return job == null || job.getLockExpirationTime() == null ? null : job;
    }
}
