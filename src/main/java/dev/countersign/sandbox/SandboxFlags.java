package dev.countersign.sandbox;

import dev.countersign.rollout.FlagManagementSystem;
import java.io.IOException;
import org.springframework.stereotype.Component;

/** The flags of the sample services: their router asks the flag of the release for each request, and hands those for whom it is on to the candidate. */
@InSandbox
@Component
class SandboxFlags implements FlagManagementSystem {
    private final SandboxTargets targets;
    private final SandboxRouter router;

    SandboxFlags(SandboxTargets targets, SandboxRouter router) {
        this.targets = targets;
        this.router = router;
    }

    @Override
    public String name() {
        return SandboxTargets.TARGET;
    }

    @Override
    public boolean serves(String service) {
        return targets.has(service);
    }

    @Override
    public void setShare(String service, String flag, double share) throws IOException {
        router.setShare(service, share);
    }

    @Override
    public double readShare(String service, String flag) throws IOException {
        return router.readShare(service);
    }
}
