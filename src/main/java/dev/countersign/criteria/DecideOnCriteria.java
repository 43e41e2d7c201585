package dev.countersign.criteria;

import dev.countersign.workflow.Answer;
import dev.countersign.workflow.HumanTask;
import dev.countersign.workflow.OpenTask;
import java.util.HashMap;
import java.util.Map;
import org.springframework.stereotype.Component;

/** The heads of the parties decide jointly. */
@Component
class DecideOnCriteria implements HumanTask {
    private final CriteriaBriefing briefing;
    private final Positions positions;

    DecideOnCriteria(CriteriaBriefing briefing, Positions positions) {
        this.briefing = briefing;
        this.positions = positions;
    }

    @Override
    public String id() {
        return "decideOnCriteria";
    }

    @Override
    public Map<String, Object> briefing(OpenTask task) {
        var shown = new HashMap<>(briefing.of(task.releaseKey()));
        shown.put("authority", task.text("authority"));
        return shown;
    }

    @Override
    public Map<String, Object> complete(OpenTask task, Answer answer) {
        positions.decide(
                task.releaseKey(),
                task.text("authority"),
                answer.actor(),
                answer.text("dossier"),
                "accept".equals(answer.text("answer")),
                answer.text("comment"));
        return Map.of();
    }
}
