package dev.countersign.release;

import dev.countersign.api.Problem;
import dev.countersign.identity.Actors;
import dev.countersign.identity.NotEntitled;
import dev.countersign.identity.Role;
import dev.countersign.workflow.Messages;
import java.util.Map;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Withdraws a release before users are on it; afterwards the way back is a rollback. */
@Service
public class ReleaseWithdrawal {
    private final Releases releases;
    private final DeployedReleases deployed;
    private final Timeline timeline;
    private final Messages messages;
    private final Actors actors;

    ReleaseWithdrawal(
            Releases releases, DeployedReleases deployed, Timeline timeline, Messages messages, Actors actors) {
        this.releases = releases;
        this.deployed = deployed;
        this.timeline = timeline;
        this.messages = messages;
        this.actors = actors;
    }

    @Transactional
    public Release abort(String releaseKey, String reason) {
        if (reason == null || reason.isBlank()) {
            throw Problem.invalid("/reason", "must say why the release is withdrawn");
        }
        Release release = releases.lock(releaseKey);
        try {
            check(release);
        } catch (NotEntitled | StateConflict refusal) {
            timeline.refused(
                    releaseKey,
                    "release.abort-refused",
                    actors.current(),
                    "Refused to withdraw: " + refusal.getMessage(),
                    Map.of("reason", reason));
            throw refusal;
        }
        timeline.record(
                releaseKey, "release.aborted", actors.current(), "Withdrawn: " + reason, Map.of("reason", reason));
        releases.enter(releaseKey, ReleaseState.ABORTED, reason);
        messages.send("releaseAborted", releaseKey);
        return releases.get(releaseKey);
    }

    private void check(Release release) {
        boolean requester = release.requestedBy().equals(actors.current());
        if (!requester) {
            actors.require(Role.RELEASE_MANAGER);
        }
        if (release.state().isFinal() || isExposed(release)) {
            throw new StateConflict(
                    release.state().isFinal()
                            ? release.key() + " is " + release.state() + " already"
                            : "Users may be on " + release.key() + " already: roll it back instead");
        }
    }

    /** A release that waits for somebody to watch, or for its service, is at its rollout and nothing of it is deployed. */
    private boolean isExposed(Release release) {
        boolean mayWait = release.state() == ReleaseState.ROLLING_OUT || release.state() == ReleaseState.HELD;
        return release.state().isExposed() && !(mayWait && !deployed.contains(release.key()));
    }
}
