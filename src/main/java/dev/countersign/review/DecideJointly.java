package dev.countersign.review;

import dev.countersign.workflow.Answer;
import dev.countersign.workflow.HumanTask;
import dev.countersign.workflow.OpenTask;
import java.util.Map;
import org.springframework.stereotype.Component;

@Component("decideJointly")
class DecideJointly implements HumanTask {
    private final ReviewBriefing facts;
    private final Deciders deciders;

    DecideJointly(ReviewBriefing facts, Deciders deciders) {
        this.facts = facts;
        this.deciders = deciders;
    }

    @Override
    public String id() {
        return "decideJointly";
    }

    @Override
    public Map<String, Object> briefing(OpenTask task) {
        var briefing = facts.withDispute(task.releaseKey());
        briefing.put("group", task.text("group"));
        return briefing;
    }

    @Override
    public Map<String, Object> complete(OpenTask task, Answer answer) {
        deciders.answer(
                task.releaseKey(),
                id(),
                task.text("group"),
                answer.actor(),
                Standing.Answer.valueOf(answer.text("answer")),
                answer.text("statement"),
                answer.text("dossier"));
        return Map.of();
    }
}
