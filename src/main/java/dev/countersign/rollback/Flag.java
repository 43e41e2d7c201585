package dev.countersign.rollback;

import dev.countersign.rollout.KillSwitch;
import java.io.IOException;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The flags of whatever systems are connected. Each is switched apart from the rung's transaction, in transactions of its own: one that fails must not take the rung's record
 * with it, and neither takes back what the switch has committed: the rollout's end stands.
 */
@Component
class Flag {
    private final ObjectProvider<KillSwitch> switches;
    private final TransactionTemplate apart;

    Flag(ObjectProvider<KillSwitch> switches, PlatformTransactionManager transactions) {
        this.switches = switches;
        this.apart = new TransactionTemplate(transactions);
        apart.setPropagationBehavior(TransactionDefinition.PROPAGATION_NOT_SUPPORTED);
    }

    boolean governs(String releaseKey) {
        return !governing(releaseKey).isEmpty();
    }

    /** Switches it off wherever it exposes the release, and has that read back. */
    void off(String releaseKey) throws IOException {
        for (KillSwitch one : governing(releaseKey)) {
            try {
                apart.executeWithoutResult(status -> one.switchOff(releaseKey));
            } catch (RuntimeException unproven) {
                throw new IOException("the flag is not proven to be off: " + unproven.getMessage(), unproven);
            }
        }
    }

    private List<KillSwitch> governing(String releaseKey) {
        return switches.stream().filter(one -> one.governs(releaseKey)).toList();
    }
}
