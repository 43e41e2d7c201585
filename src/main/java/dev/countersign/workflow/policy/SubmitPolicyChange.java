package dev.countersign.workflow.policy;

import dev.countersign.workflow.Answer;
import dev.countersign.workflow.HumanTask;
import dev.countersign.workflow.OpenTask;
import dev.countersign.workflow.TaskRefused;
import java.util.Map;
import java.util.Set;
import org.springframework.stereotype.Component;

/** A process owner claims an edit found in the folder and says why it is made, or takes it back. */
@Component
class SubmitPolicyChange implements HumanTask {
    private final PolicyBriefing briefing;
    private final PolicyVersions store;
    private final PolicyRecord record;

    SubmitPolicyChange(PolicyBriefing briefing, PolicyVersions store, PolicyRecord record) {
        this.briefing = briefing;
        this.store = store;
        this.record = record;
    }

    @Override
    public String id() {
        return "submitPolicyChange";
    }

    @Override
    public Map<String, Object> briefing(OpenTask task) {
        return briefing.of(PolicyBook.idOf(task.releaseKey()));
    }

    @Override
    public Map<String, Object> complete(OpenTask task, Answer answer) {
        long change = PolicyBook.idOf(task.releaseKey());
        String why = answer.text("why");
        if (why == null || why.isEmpty()) {
            throw TaskRefused.invalid("why", "Say why the policy changes: whoever approves it reads this first");
        }
        boolean submits = "submit".equals(answer.text("choice"));
        if (submits) {
            store.submitted(change, answer.actor(), why);
        } else {
            store.decided(change, answer.actor(), why);
        }
        record.now(submits ? "policy.submitted" : "policy.withdrawn", change, answer.actor());
        return Map.of("policySubmitted", submits);
    }

    @Override
    public Set<String> outcomes() {
        return Set.of("policySubmitted");
    }
}
