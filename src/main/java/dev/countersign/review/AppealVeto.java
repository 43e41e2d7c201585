package dev.countersign.review;

import dev.countersign.workflow.Answer;
import dev.countersign.workflow.HumanTask;
import dev.countersign.workflow.OpenTask;
import java.util.Map;
import org.springframework.stereotype.Component;

@Component("appealVeto")
class AppealVeto implements HumanTask {
    private final ReviewBriefing facts;
    private final Appeals appeals;
    private final Deciders deciders;

    AppealVeto(ReviewBriefing facts, Appeals appeals, Deciders deciders) {
        this.facts = facts;
        this.appeals = appeals;
        this.deciders = deciders;
    }

    @Override
    public String id() {
        return "appealVeto";
    }

    @Override
    public Map<String, Object> briefing(OpenTask task) {
        var briefing = facts.withDispute(task.releaseKey());
        appeals.find(task.releaseKey(), Long.parseLong(task.text("appeal"))).ifPresent(appeal -> {
            briefing.put("seat", appeal.seat());
            briefing.put("why", appeal.why());
        });
        return briefing;
    }

    @Override
    public Map<String, Object> complete(OpenTask task, Answer answer) {
        deciders.answerAppeal(
                task.releaseKey(),
                Long.parseLong(task.text("appeal")),
                answer.actor(),
                "lift".equals(answer.text("answer")) ? Standing.Answer.GO : Standing.Answer.NO_GO,
                answer.text("reason"),
                answer.text("dossier"));
        return Map.of();
    }
}
