package dev.countersign.workflow.policy;

import dev.countersign.workflow.Answer;
import dev.countersign.workflow.HumanTask;
import dev.countersign.workflow.OpenTask;
import dev.countersign.workflow.PolicyChanges.Change;
import dev.countersign.workflow.TaskRefused;
import java.util.Map;
import java.util.Set;
import org.springframework.stereotype.Component;

/** A second person sees the difference and decides. Whoever submitted the change never approves it. */
@Component
class ApprovePolicyChange implements HumanTask {
    private final PolicyBriefing briefing;
    private final PolicyVersions store;
    private final PolicyRecord record;

    ApprovePolicyChange(PolicyBriefing briefing, PolicyVersions store, PolicyRecord record) {
        this.briefing = briefing;
        this.store = store;
        this.record = record;
    }

    @Override
    public String id() {
        return "approvePolicyChange";
    }

    @Override
    public Map<String, Object> briefing(OpenTask task) {
        return briefing.of(PolicyBook.idOf(task.releaseKey()));
    }

    @Override
    public Map<String, Object> complete(OpenTask task, Answer answer) {
        Change change = store.find(PolicyBook.idOf(task.releaseKey())).orElseThrow();
        if (answer.actor().equals(change.submittedBy())) {
            throw TaskRefused.forbidden(
                    "'%s' submitted this change; somebody else decides on it".formatted(answer.actor()));
        }
        if (!change.digest().equals(answer.text("dossier"))) {
            throw TaskRefused.stale("You looked at %s, but this change is %s: open the task again"
                    .formatted(answer.text("dossier"), change.digest()));
        }
        boolean approves = "approve".equals(answer.text("choice"));
        String reason = answer.text("reason");
        if (!approves && (reason == null || reason.isEmpty())) {
            throw TaskRefused.invalid("reason", "Say why not, so that the change can be made better");
        }
        store.decided(change.id(), answer.actor(), reason);
        record.now(approves ? "policy.approved" : "policy.rejected", change.id(), answer.actor());
        return Map.of("policyApproved", approves);
    }

    @Override
    public Set<String> outcomes() {
        return Set.of("policyApproved");
    }
}
