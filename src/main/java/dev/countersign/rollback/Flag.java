package dev.countersign.rollback;

import dev.countersign.rollout.KillSwitch;
import java.io.IOException;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** The flags of whatever systems are connected. */
@Component
class Flag {
    private final ObjectProvider<KillSwitch> switches;

    Flag(ObjectProvider<KillSwitch> switches) {
        this.switches = switches;
    }

    boolean governs(String releaseKey) {
        return !governing(releaseKey).isEmpty();
    }

    /** Switches it off wherever it exposes the release, and has that read back. */
    void off(String releaseKey) throws IOException {
        for (KillSwitch one : governing(releaseKey)) {
            try {
                one.switchOff(releaseKey);
            } catch (RuntimeException unproven) {
                throw new IOException("the flag is not proven to be off: " + unproven.getMessage(), unproven);
            }
        }
    }

    private List<KillSwitch> governing(String releaseKey) {
        return switches.stream().filter(one -> one.governs(releaseKey)).toList();
    }
}
