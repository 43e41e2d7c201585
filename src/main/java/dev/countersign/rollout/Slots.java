package dev.countersign.rollout;

import dev.countersign.release.ReleaseState;
import dev.countersign.release.StateChanged;
import dev.countersign.workflow.Messages;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * One candidate beside the stable version of a service: a target knows no second one. The place is taken with the plan, and free once the release is stable, rolled
 * back, or given up and its candidate taken away.
 */
@Component
class Slots {
    private final RolloutStore store;
    private final CandidateWithdrawal withdrawal;
    private final Messages messages;

    Slots(RolloutStore store, CandidateWithdrawal withdrawal, Messages messages) {
        this.store = store;
        this.withdrawal = withdrawal;
        this.messages = messages;
    }

    @EventListener
    void on(StateChanged change) {
        if (!change.to().isFinal() || !store.holdsSlot(change.releaseKey())) {
            return;
        }
        if (change.to() == ReleaseState.STABLE || change.to() == ReleaseState.ROLLED_BACK) {
            free(change.releaseKey());
        } else {
            withdrawal.withdraw(change.releaseKey());
        }
    }

    void free(String releaseKey) {
        if (store.freeSlot(releaseKey)) {
            String service = store.find(releaseKey).orElseThrow().service();
            store.waitingFor(service).forEach(waiting -> messages.send("serviceFree", waiting));
        }
    }
}
