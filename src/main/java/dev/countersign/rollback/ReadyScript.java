package dev.countersign.rollback;

import dev.countersign.evidence.RollbackScripts.RollbackScript;
import dev.countersign.rollout.Deployer;
import dev.countersign.rollout.Deployer.StagedScript;
import java.io.IOException;
import java.util.Optional;

/** Whether the script that was registered stands ready where it is to run. */
final class ReadyScript {
    private ReadyScript() {}

    /** Why it does not, in words; empty where it does. */
    static Optional<String> fault(RollbackScript registered, Optional<StagedScript> found) {
        if (found.isEmpty()) {
            return Optional.of("nothing stands ready at " + registered.path());
        }
        if (!registered.digest().equals(found.get().digest())) {
            return Optional.of("at %s stands %s, registered is %s"
                    .formatted(registered.path(), found.get().digest(), registered.digest()));
        }
        return found.get().executable()
                ? Optional.empty()
                : Optional.of("the target cannot run what stands at " + registered.path());
    }

    static void require(Deployer deployer, String place, RollbackScript registered) throws IOException {
        Optional<String> fault = fault(registered, deployer.script(place, registered.path()));
        if (fault.isPresent()) {
            throw new IOException("The script of the way back does not stand ready: " + fault.get());
        }
    }
}
