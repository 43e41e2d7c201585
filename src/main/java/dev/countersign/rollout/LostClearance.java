package dev.countersign.rollout;

import dev.countersign.release.Dossiers.MaterialDossierChanged;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** What people decided on has changed while a candidate was deployed: users go back to stable until the release is cleared again. */
@Component
class LostClearance {
    private final RolloutStore store;
    private final TrafficControl traffic;

    LostClearance(RolloutStore store, TrafficControl traffic) {
        this.store = store;
        this.traffic = traffic;
    }

    /** Whatever stands at the target counts, until it is the stable version or gone. */
    @EventListener
    void on(MaterialDossierChanged change) {
        if (store.holdsSlot(change.releaseKey())) {
            traffic.takeBack(change.releaseKey(), "the dossier changed in " + String.join(", ", change.changedParts()));
        }
    }
}
