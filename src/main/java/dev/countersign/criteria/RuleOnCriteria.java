package dev.countersign.criteria;

import dev.countersign.workflow.Answer;
import dev.countersign.workflow.HumanTask;
import dev.countersign.workflow.OpenTask;
import java.util.Map;
import java.util.Set;
import org.springframework.stereotype.Component;

/** The accountable executive decides where the heads disagreed or were silent. */
@Component
class RuleOnCriteria implements HumanTask {
    private final CriteriaBriefing briefing;
    private final Positions positions;

    RuleOnCriteria(CriteriaBriefing briefing, Positions positions) {
        this.briefing = briefing;
        this.positions = positions;
    }

    @Override
    public String id() {
        return "ruleOnCriteria";
    }

    @Override
    public Map<String, Object> briefing(OpenTask task) {
        return briefing.of(task.releaseKey());
    }

    @Override
    public Map<String, Object> complete(OpenTask task, Answer answer) {
        boolean accepted = "accept".equals(answer.text("answer"));
        positions.decide(
                task.releaseKey(),
                "executive",
                answer.actor(),
                answer.text("dossier"),
                accepted,
                answer.text("comment"));
        return Map.of("accepted", accepted);
    }

    @Override
    public Set<String> outcomes() {
        return Set.of("accepted");
    }
}
