package dev.countersign.rollback;

import dev.countersign.incident.Incidents;
import dev.countersign.incident.Incidents.Trouble;
import dev.countersign.release.ReleaseState;
import dev.countersign.release.Releases;
import dev.countersign.rollback.Rollbacks.Rollback;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Brings the incident of a rollback to where the rollback stands, and tells its stakeholders what they were not told yet. Each may be repeated. */
@Component
class RollbackIncident {
    private final RollbackStore store;
    private final Releases releases;
    private final Incidents incidents;

    RollbackIncident(RollbackStore store, Releases releases, Incidents incidents) {
        this.store = store;
        this.releases = releases;
        this.incidents = incidents;
    }

    @Transactional
    public void tellHowItStands(String releaseKey) {
        Rollback rollback = store.get(releaseKey);
        boolean over = rollback.finishedAt() != null;
        boolean waits = !over && releases.get(releaseKey).state() == ReleaseState.ROLLBACK_FAILED;
        String account = RollbackAccount.of(rollback, store.rungsOf(releaseKey), waits);
        incidents.openForRollback(
                releaseKey,
                new Trouble(
                        rollback.cause(),
                        rollback.detectedBy(),
                        rollback.detectedAt(),
                        rollback.startedAt(),
                        rollback.exposed(),
                        account,
                        over));
        if (over) {
            incidents.rollbackOver(releaseKey, account);
        } else if (waits) {
            incidents.rollbackFailed(releaseKey, account, reason(rollback));
        }
    }

    /** In a transaction of its own: a table that cannot be asked keeps nobody from being told. */
    @Transactional
    public void lookWhenItIsOver(String releaseKey) {
        if (store.get(releaseKey).finishedAt() != null) {
            incidents.lookAtInstability(releaseKey);
        }
    }

    /** What failed, and whose end was refused where a person tried to end it. */
    private String reason(Rollback rollback) {
        return store.answered(rollback.releaseKey())
                        .map(answered -> answered.by() + " could not end it: ")
                        .orElse("")
                + rollback.failedRung();
    }
}
