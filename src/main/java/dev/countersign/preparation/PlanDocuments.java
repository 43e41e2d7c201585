package dev.countersign.preparation;

import dev.countersign.api.Problem;
import dev.countersign.evidence.Evidence;
import dev.countersign.evidence.Evidence.Document;
import dev.countersign.evidence.Evidence.EvidenceArrived;
import dev.countersign.release.Release;
import dev.countersign.release.Releases;
import dev.countersign.workflow.TaskRefused;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Plans that are sent as documents: each message is held to the rules of the form, in the transaction that stores the document, so that whoever sent one that
 * names nobody we know is told at once. It becomes a draft; a person makes it final.
 */
@Component
class PlanDocuments {
    private static final String TYPE = "communication-plan";
    private final Evidence evidence;
    private final Planning planning;
    private final PreparationPolicy policy;
    private final MessageForm form;
    private final Releases releases;

    PlanDocuments(Evidence evidence, Planning planning, PreparationPolicy policy, MessageForm form, Releases releases) {
        this.evidence = evidence;
        this.planning = planning;
        this.policy = policy;
        this.form = form;
        this.releases = releases;
    }

    @EventListener
    void on(EvidenceArrived arrived) {
        if (!TYPE.equals(arrived.type())) {
            return;
        }
        Release release = releases.get(arrived.releaseKey());
        // A release that began under models without a preparation goes on as it began.
        if (policy.knows(release)) {
            evidence.newest(release.key(), arrived.type()).ifPresent(document -> take(release, document));
        }
    }

    private void take(Release release, Document document) {
        List<Message> messages = new ArrayList<>();
        if (document.details().get("messages") instanceof List<?> stated) {
            for (Object one : stated) {
                messages.add(message(release.key(), messages.size(), (Map<?, ?>) one));
            }
        }
        boolean nobodyOutside = messages.stream().noneMatch(Message::isExternal);
        Object why = document.details().get("noExternalBecause");
        planning.propose(release.key(), messages, nobodyOutside && why != null ? String.valueOf(why) : null, document);
    }

    private Message message(String releaseKey, int index, Map<?, ?> stated) {
        Map<String, Object> row = new LinkedHashMap<>();
        stated.forEach((name, value) -> row.put(String.valueOf(name), value));
        row.put("delay", row.remove("delayMinutes"));
        row.put(
                "recipients",
                row.get("recipients") instanceof List<?> all
                        ? String.join(", ", all.stream().map(String::valueOf).toList())
                        : "");
        try {
            return form.read(releaseKey, false, index + 1, row);
        } catch (TaskRefused wrong) {
            throw Problem.invalid("/messages/" + index, wrong.getMessage());
        }
    }
}
