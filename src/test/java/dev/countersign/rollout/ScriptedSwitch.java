package dev.countersign.rollout;

import org.springframework.transaction.support.TransactionTemplate;

/** A flag in the test's hands: it governs no release until the test says so. */
final class ScriptedSwitch implements KillSwitch {
    volatile String governed;
    volatile boolean stuck;
    volatile boolean on = true;
    private final TransactionTemplate transaction;

    ScriptedSwitch(TransactionTemplate transaction) {
        this.transaction = transaction;
    }

    @Override
    public boolean governs(String release) {
        return release.equals(governed);
    }

    @Override
    public void switchOff(String release) {
        transaction.executeWithoutResult(status -> {
            if (stuck) {
                throw new IllegalStateException("the flag's system still says on");
            }
            on = false;
        });
    }
}
