package dev.countersign.rollout;

import dev.countersign.identity.Actors;
import dev.countersign.release.Clearances;
import dev.countersign.release.DeployedReleases;
import dev.countersign.release.Release;
import dev.countersign.release.Releases;
import dev.countersign.release.StateConflict;
import dev.countersign.release.Timeline;
import dev.countersign.workflow.Messages;
import java.util.Map;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Releases at their rollout that nothing has been deployed of: they wait for somebody to watch, or for their service. */
@Component
class NotDeployed implements DeployedReleases {
    private final Releases releases;
    private final RolloutStore store;
    private final Clearances clearances;
    private final Messages messages;
    private final Timeline timeline;
    private final Actors actors;

    NotDeployed(
            Releases releases,
            RolloutStore store,
            Clearances clearances,
            Messages messages,
            Timeline timeline,
            Actors actors) {
        this.releases = releases;
        this.store = store;
        this.clearances = clearances;
        this.messages = messages;
        this.timeline = timeline;
        this.actors = actors;
    }

    @Override
    public boolean contains(String releaseKey) {
        return store.find(releaseKey).isPresent();
    }

    /**
     * There is no traffic to take back: nothing may begin any more, and the model leads on.
     *
     * @return false when its rollout was planned meanwhile
     */
    @Transactional
    boolean demandRollback(String releaseKey, String because) {
        Release release = releases.lock(releaseKey); // as whoever plans the rollout does
        if (contains(releaseKey)) {
            return false;
        }
        if (!release.state().isExposed()) {
            throw new StateConflict("%s is %s: there is nothing to roll back".formatted(releaseKey, release.state()));
        }
        clearances.revoke(releaseKey, "a rollback was demanded: " + because);
        timeline.record(
                releaseKey,
                "rollback.demanded",
                actors.current(),
                "Rollback demanded before anything was deployed: " + because,
                Map.of("because", because));
        messages.send("rollbackDemanded", releaseKey);
        return true;
    }
}
