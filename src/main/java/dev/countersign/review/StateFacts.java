package dev.countersign.review;

import dev.countersign.workflow.Answer;
import dev.countersign.workflow.HumanTask;
import dev.countersign.workflow.OpenTask;
import java.util.Map;
import org.springframework.stereotype.Component;

@Component("stateFacts")
class StateFacts implements HumanTask {
    private final ReviewBriefing facts;
    private final Deciders deciders;

    StateFacts(ReviewBriefing facts, Deciders deciders) {
        this.facts = facts;
        this.deciders = deciders;
    }

    @Override
    public String id() {
        return "stateFacts";
    }

    @Override
    public Map<String, Object> briefing(OpenTask task) {
        var briefing = facts.withDispute(task.releaseKey());
        briefing.put("recent", facts.recent(task.releaseKey()));
        return briefing;
    }

    @Override
    public Map<String, Object> complete(OpenTask task, Answer answer) {
        deciders.answer(
                task.releaseKey(), id(), null, answer.actor(), null, answer.text("statement"), answer.text("dossier"));
        return Map.of();
    }
}
