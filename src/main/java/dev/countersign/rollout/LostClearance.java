package dev.countersign.rollout;

import dev.countersign.release.Dossiers.MaterialDossierChanged;
import dev.countersign.release.ReleaseState;
import dev.countersign.release.StateChanged;
import dev.countersign.rollout.Rollouts.Status;
import java.util.Set;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * What people decided on has changed while users were already on the candidate: traffic goes back to stable until the release is cleared again, and a release that
 * is given up leaves no candidate behind.
 */
@Component
class LostClearance {
    private static final Set<ReleaseState> GIVEN_UP = Set.of(ReleaseState.REJECTED, ReleaseState.ABORTED);
    private final RolloutStore store;
    private final TrafficControl traffic;
    private final CandidateWithdrawal withdrawal;

    LostClearance(RolloutStore store, TrafficControl traffic, CandidateWithdrawal withdrawal) {
        this.store = store;
        this.traffic = traffic;
        this.withdrawal = withdrawal;
    }

    @EventListener
    void on(MaterialDossierChanged change) {
        store.find(change.releaseKey())
                .filter(rollout -> rollout.status() == Status.RUNNING || rollout.status() == Status.PAUSED)
                .ifPresent(rollout -> traffic.takeBack(
                        change.releaseKey(), "the dossier changed in " + String.join(", ", change.changedParts())));
    }

    @EventListener
    void on(StateChanged change) {
        if (GIVEN_UP.contains(change.to()) && store.find(change.releaseKey()).isPresent()) {
            withdrawal.withdraw(change.releaseKey());
        }
    }
}
