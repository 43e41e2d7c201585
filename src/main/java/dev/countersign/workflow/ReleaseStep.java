package dev.countersign.workflow;

import java.io.IOException;
import org.camunda.bpm.engine.delegate.BpmnError;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.delegate.JavaDelegate;

/**
 * A step of a model: key in, service call, outcome out. A step that leaves the process (calls another system) overrides
 * {@link #remote()}: a failure is then retried by the model's retry cycle, and when the retries are used up the step ends with the
 * BPMN error {@value #UNAVAILABLE}, so that the model leads to a person and not only to an incident in Cockpit.
 */
public abstract class ReleaseStep implements JavaDelegate {
    public static final String UNAVAILABLE = "systemUnavailable";

    @Override
    public final void execute(DelegateExecution execution) throws Exception {
        JobLock.beginCalls(remote());
        try {
            run(execution.getProcessBusinessKey(), execution);
        } catch (BpmnError outcome) {
            throw outcome;
        } catch (Exception failure) {
            if (remote() && JobRetries.isLastAttempt()) {
                throw new BpmnError(UNAVAILABLE, failure.getMessage(), failure);
            }
            throw failure;
        }
    }

    protected abstract void run(String releaseKey, DelegateExecution execution) throws Exception;

    /** True for a step that calls another system. */
    protected boolean remote() {
        return false;
    }

    /** Whether the step calls another system, for the model check: such a step is drawn with its retries and with a way to a person. */
    public final boolean isRemote() {
        return remote();
    }

    /** What a step does, where a lambda says it. */
    @FunctionalInterface
    public interface Work {
        void on(String releaseKey, DelegateExecution execution) throws IOException;
    }

    /** A step that stays within the platform. */
    public static ReleaseStep step(Work work) {
        return new Told(false, work);
    }

    /** A step that calls another system. */
    public static ReleaseStep remoteStep(Work work) {
        return new Told(true, work);
    }

    private static final class Told extends ReleaseStep {
        private final boolean remote;
        private final Work work;

        Told(boolean remote, Work work) {
            this.remote = remote;
            this.work = work;
        }

        @Override
        protected void run(String releaseKey, DelegateExecution execution) throws IOException {
            work.on(releaseKey, execution);
        }

        @Override
        protected boolean remote() {
            return remote;
        }
    }
}
