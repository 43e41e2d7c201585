package dev.countersign.preparation;

import dev.countersign.release.DossierPart;
import dev.countersign.release.PinnedChecklist;
import dev.countersign.release.Release;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.stereotype.Component;

/**
 * {@code checklist}: the version that the release is confirmed by. {@code communicationPlan}: the messages of the plan once it is final, as they were
 * written; that one was sent changes nothing that people decided on.
 */
@Component
class PreparationParts implements DossierPart {
    static final String CHECKLIST = "checklist";
    static final String PLAN = "communicationPlan";

    private final PreparationPolicy policy;
    private final PinnedChecklist pinned;
    private final PlanRepository plans;

    PreparationParts(PreparationPolicy policy, PinnedChecklist pinned, PlanRepository plans) {
        this.policy = policy;
        this.pinned = pinned;
        this.plans = plans;
    }

    @Override
    public Map<String, Object> of(Release release) {
        if (!policy.knows(release)) {
            return Map.of();
        }
        Map<String, Object> parts = new TreeMap<>();
        pinned.versionOf(release).ifPresent(version -> parts.put(CHECKLIST, version));
        plans.latestFinal(release.key())
                .ifPresent(plan -> parts.put(
                        PLAN,
                        Map.of(
                                "messages",
                                plan.messages().stream()
                                        .map(PreparationParts::content)
                                        .toList(),
                                "noExternalBecause",
                                plan.noExternalBecause())));
        return parts;
    }

    private static Map<String, Object> content(Message message) {
        Map<String, Object> content = new LinkedHashMap<>();
        content.put("audience", message.audience().id());
        content.put("channel", message.channel());
        content.put("recipients", message.recipients());
        content.put("owner", message.owner());
        content.put("moment", message.moment().id());
        content.put("delayMinutes", message.delayMinutes());
        content.put("at", message.at() == null ? "" : message.at().toString());
        content.put("subject", message.subject());
        content.put("words", message.words());
        content.put("onRollback", message.onRollback().id());
        content.put("replacement", message.replacement() == null ? "" : message.replacement());
        return content;
    }
}
