package dev.countersign.workflow;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.camunda.bpm.engine.OptimisticLockingException;
import org.camunda.bpm.engine.impl.context.Context;
import org.camunda.bpm.engine.impl.interceptor.Command;
import org.camunda.bpm.engine.impl.interceptor.CommandInterceptor;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * People who answer tasks of one release at the same moment meet in the same rows; who comes second is tried again instead of being shown an error. Stands
 * outside the transaction, and does nothing where the caller has one open or where it is an inner command.
 */
class RetrySimultaneousAnswers extends CommandInterceptor {
    private static final int ATTEMPTS = 25;

    @Override
    public <T> T execute(Command<T> command) {
        boolean isOurs = command instanceof AnswerTask || command instanceof Retryable;
        if (!isOurs
                || Context.getCommandContext() != null
                || TransactionSynchronizationManager.isActualTransactionActive()) {
            return next.execute(command);
        }
        for (int attempt = 1; ; attempt++) {
            try {
                return next.execute(command);
            } catch (OptimisticLockingException met) {
                if (attempt == ATTEMPTS) {
                    throw met;
                }
                // A short random pause spreads those who met; it grows so that a crowd comes apart.
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(
                        ThreadLocalRandom.current().nextLong(1, 5L * attempt + 1)));
            }
        }
    }

    /** A command that may be run again after it met another one. */
    interface Retryable {}
}
