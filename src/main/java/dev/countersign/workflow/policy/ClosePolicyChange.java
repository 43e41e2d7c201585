package dev.countersign.workflow.policy;

import dev.countersign.identity.Actors;
import dev.countersign.workflow.PolicyChanges.Change;
import dev.countersign.workflow.PolicyChanges.State;
import dev.countersign.workflow.ReleaseStep;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.stereotype.Component;

/** Records that a change does not take effect: somebody decided so, or nobody decided at all. */
@Component("closePolicyChange")
class ClosePolicyChange extends ReleaseStep {
    private final PolicyVersions store;
    private final PolicyRecord record;

    ClosePolicyChange(PolicyVersions store, PolicyRecord record) {
        this.store = store;
        this.record = record;
    }

    @Override
    protected void run(String key, DelegateExecution execution) {
        Change change = store.find(PolicyBook.idOf(key)).orElseThrow();
        if (change.state() == State.SUPERSEDED || change.state() == State.REFUSED) {
            return;
        }
        if (change.decidedBy() == null) {
            store.decided(change.id(), Actors.PLATFORM, "Nobody decided in time");
            store.close(change.id(), State.LAPSED);
            record.now("policy.lapsed", change.id(), Actors.PLATFORM);
        } else {
            store.close(change.id(), State.REJECTED);
        }
    }
}
