package dev.countersign.review;

import dev.countersign.evidence.Evidence;
import dev.countersign.evidence.Evidence.Document;
import dev.countersign.evidence.Evidence.EvidenceArrived;
import dev.countersign.identity.Actors;
import dev.countersign.release.Timeline;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Conditions that an assessment of the impact on personal data was approved on: they hold the decision and are tracked as those of votes are. */
@Component
class AssessmentConditions {
    private static final String TYPE = "dpia";
    private static final int LONGEST_NAME = 100;
    private final Evidence evidence;
    private final Conditions conditions;
    private final AgreedConditions agreed;
    private final Timeline timeline;

    AssessmentConditions(Evidence evidence, Conditions conditions, AgreedConditions agreed, Timeline timeline) {
        this.evidence = evidence;
        this.conditions = conditions;
        this.agreed = agreed;
        this.timeline = timeline;
    }

    @EventListener
    void on(EvidenceArrived arrived) {
        if (!TYPE.equals(arrived.type())) {
            return;
        }
        List<Document> counting = evidence.current(arrived.releaseKey(), TYPE);
        int fallen = conditions.withdrawAllBut(
                arrived.releaseKey(), counting.stream().map(Document::sha256).toList());
        counting.stream()
                .filter(document -> document.sha256().equals(arrived.sha256()))
                .forEach(document -> take(arrived.releaseKey(), document));
        if (fallen > 0) {
            timeline.record(
                    arrived.releaseKey(),
                    "condition.fell",
                    Actors.PLATFORM,
                    "%d conditions fell with the assessment that demanded them".formatted(fallen),
                    Map.of("conditions", fallen));
            agreed.recheck(arrived.releaseKey());
        }
    }

    private void take(String releaseKey, Document document) {
        List<?> demanded = document.details().get("conditions") instanceof List<?> some ? some : List.of();
        if (demanded.isEmpty()) {
            return;
        }
        String statedBy = statedBy(document);
        demanded.forEach(one -> conditions.addOf(document.sha256(), releaseKey, statedBy, stated((Map<?, ?>) one)));
        timeline.record(
                releaseKey,
                "condition.demanded",
                statedBy,
                "The assessment of %s demands %d conditions".formatted(document.source(), demanded.size()),
                Map.of("document", document.sha256(), "conditions", demanded.size()));
    }

    /** Whom the platform asked, or who sent a document: a name that stands in a document is its sender's claim. */
    private static String statedBy(Document document) {
        String name = document.receivedBy().equals(Actors.PLATFORM)
                ? String.valueOf(document.details().get("decidedBy"))
                : document.receivedBy();
        return name.substring(0, Math.min(LONGEST_NAME, name.length()));
    }

    private static Conditions.Stated stated(Map<?, ?> one) {
        return new Conditions.Stated(
                String.valueOf(one.get("text")),
                String.valueOf(one.get("owner")),
                OffsetDateTime.parse(String.valueOf(one.get("due"))),
                !Boolean.FALSE.equals(one.get("beforeRollout")),
                String.valueOf(one.get("check")));
    }
}
