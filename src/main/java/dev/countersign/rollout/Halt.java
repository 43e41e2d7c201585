package dev.countersign.rollout;

import dev.countersign.release.ReleaseState;
import dev.countersign.release.Releases;
import dev.countersign.release.StateConflict;
import dev.countersign.rollout.Rollouts.Status;
import org.springframework.stereotype.Component;

/** Stops a release where it stands and asks a person: in a step its traffic goes back, and once every user is on it nothing makes it the stable version. */
@Component
public class Halt {
    private final RolloutStore store;
    private final Releases releases;
    private final TrafficControl traffic;
    private final Stabilisation stabilisation;

    Halt(RolloutStore store, Releases releases, TrafficControl traffic, Stabilisation stabilisation) {
        this.store = store;
        this.releases = releases;
        this.traffic = traffic;
        this.stabilisation = stabilisation;
    }

    /** @throws StateConflict where there is nothing to halt */
    public void now(String releaseKey, String because) {
        // Once more: between two looks its watch may have begun, or its last step ended.
        if (!halts(releaseKey, because) && !halts(releaseKey, because)) {
            throw new StateConflict(
                    "A person decides already how %s goes on, or the watch of its objectives is about to begin: nothing makes it the stable version meanwhile. To take its users back, roll it back (POST /api/releases/{key}/rollback)"
                            .formatted(releaseKey));
        }
    }

    private boolean halts(String releaseKey, String because) {
        if (isStabilising(releaseKey)) {
            return stabilisation.halt(releaseKey, because);
        }
        if (releases.get(releaseKey).state() == ReleaseState.STABLE) {
            throw new StateConflict(
                    "%s is the stable version: there is nothing to halt any more, and what takes its users back is another release"
                            .formatted(releaseKey));
        }
        try {
            traffic.halt(releaseKey, because);
            return true;
        } catch (StateConflict nothing) {
            if (isStabilising(releaseKey)) {
                return false;
            }
            throw nothing;
        }
    }

    /** @return whether it is halted by this; false where nobody has to halt it */
    public boolean ifItMoves(String releaseKey, String because) {
        if (isStabilising(releaseKey)) {
            return stabilisation.halt(releaseKey, because);
        }
        boolean moves = store.find(releaseKey).map(Rollouts.Rollout::isMoving).orElse(false);
        if (moves) {
            traffic.halt(releaseKey, because);
        }
        return moves;
    }

    private boolean isStabilising(String releaseKey) {
        return store.find(releaseKey)
                        .filter(rollout -> rollout.status() == Status.COMPLETE)
                        .isPresent()
                && releases.get(releaseKey).state() == ReleaseState.STABILISING;
    }
}
