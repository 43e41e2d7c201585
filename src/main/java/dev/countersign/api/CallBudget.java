package dev.countersign.api;

import java.time.Duration;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * What all calls to other systems within one step of a model may take together, however many connectors they go through. The engine's lock of a job ends by its time:
 * another node would begin a step whose calls are still under way. Each call has its own time-out, which this cuts short; where nothing is left the call is not made, and
 * the step fails and is tried again. Calls that no step makes, a person's halt among them, have their own time-outs only.
 */
public final class CallBudget {
    /** Below the lock of a job by what the database needs before and after. */
    public static final Duration OF_A_STEP = Duration.ofSeconds(16);

    private static final Object KEY = CallBudget.class;

    private CallBudget() {}

    /** Begins with the first step of the transaction and ends with it: what follows in the same job is under the same lock. */
    public static void begin() {
        begin(OF_A_STEP);
    }

    /** As {@link #begin()}, where the lock of the job leaves less than the whole: what is said is left of it, and {@link #OF_A_STEP} at most. */
    public static void begin(Duration left) {
        if (!TransactionSynchronizationManager.isSynchronizationActive() || hasBegun()) {
            return;
        }
        Duration whole = left.compareTo(OF_A_STEP) < 0 ? left : OF_A_STEP;
        TransactionSynchronizationManager.bindResource(KEY, System.nanoTime() + whole.toNanos());
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCompletion(int status) {
                TransactionSynchronizationManager.unbindResourceIfPossible(KEY);
            }
        });
    }

    /** Whether a step before has begun it in this transaction. */
    public static boolean hasBegun() {
        return TransactionSynchronizationManager.hasResource(KEY);
    }

    /** The shorter of a call's own time-out and of what is left; zero where nothing is. */
    public static Duration atMost(Duration own) {
        Long end = (Long) TransactionSynchronizationManager.getResource(KEY);
        if (end == null) {
            return own;
        }
        Duration left = Duration.ofNanos(Math.max(0, end - System.nanoTime()));
        return left.compareTo(own) < 0 ? left : own;
    }
}
