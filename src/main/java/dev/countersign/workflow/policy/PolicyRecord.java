package dev.countersign.workflow.policy;

import dev.countersign.identity.Actors;
import dev.countersign.workflow.AnswerRefused;
import dev.countersign.workflow.PolicyChanges;
import dev.countersign.workflow.PolicyChanges.Change;
import dev.countersign.workflow.PolicyFact;
import dev.countersign.workflow.PolicyRefusal;
import dev.countersign.workflow.guardrail.Finding;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Says what became of changes of policy, to whoever keeps the record. */
@Component
class PolicyRecord {
    private final ApplicationEventPublisher events;
    private final PolicyVersions store;
    private final ObjectProvider<Actors> actors;

    PolicyRecord(ApplicationEventPublisher events, PolicyVersions store, ObjectProvider<Actors> actors) {
        this.events = events;
        this.store = store;
        this.actors = actors;
    }

    /** Reads the change as it stands now, in the transaction that has just written it. */
    void now(String type, long id, String actor) {
        Change change = store.find(id).orElseThrow();
        Map<String, Object> content = new HashMap<>();
        content.put("change", id);
        content.put("source", change.source());
        content.put("digest", change.digest());
        content.put("state", change.state().name());
        put(content, "insteadOf", store.baseOf(id));
        put(content, "submittedBy", change.submittedBy());
        put(content, "why", change.why());
        put(content, "decidedBy", change.decidedBy());
        put(content, "reason", change.decisionReason());
        put(content, "refusedBecause", change.reasons().isEmpty() ? null : change.reasons());
        events.publishEvent(new PolicyFact(type, actor, content));
    }

    void deploymentRefused(String name, Map<String, byte[]> files, List<Finding> findings) {
        events.publishEvent(new PolicyRefusal(
                "policy.deployment-refused",
                actors.getObject().current(),
                Map.of(
                        "deployment",
                        String.valueOf(name),
                        "digest",
                        Digests.ofSet(files),
                        "files",
                        files.keySet().stream().sorted().toList(),
                        "refusedBecause",
                        findings.stream().map(Finding::toString).toList())));
    }

    @EventListener
    void on(AnswerRefused refused) {
        if (PolicyChanges.isChange(refused.releaseKey())) {
            events.publishEvent(new PolicyRefusal(
                    "policy.answer-refused",
                    refused.actor(),
                    Map.of(
                            "change",
                            PolicyBook.idOf(refused.releaseKey()),
                            "task",
                            refused.taskKey(),
                            "reason",
                            refused.reason())));
        }
    }

    private static void put(Map<String, Object> content, String name, Object value) {
        if (value != null) {
            content.put(name, value);
        }
    }
}
