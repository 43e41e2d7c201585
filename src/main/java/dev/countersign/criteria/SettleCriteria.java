package dev.countersign.criteria;

import dev.countersign.workflow.Answer;
import dev.countersign.workflow.HumanTask;
import dev.countersign.workflow.OpenTask;
import dev.countersign.workflow.TaskRefused;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.stereotype.Component;

/** The release manager brings the parties together: facts, and what to put before whom. Overrules nobody. */
@Component
class SettleCriteria implements HumanTask {
    private final CriteriaBriefing briefing;
    private final Positions positions;

    SettleCriteria(CriteriaBriefing briefing, Positions positions) {
        this.briefing = briefing;
        this.positions = positions;
    }

    @Override
    public String id() {
        return "settleCriteria";
    }

    @Override
    public Map<String, Object> briefing(OpenTask task) {
        return briefing.of(task.releaseKey());
    }

    @Override
    public Map<String, Object> complete(OpenTask task, Answer answer) {
        boolean askAgain = "again".equals(answer.text("next"));
        if (askAgain && positions.wasSettled(task.releaseKey())) {
            throw TaskRefused.invalid("next", "The parties were brought together once already; now their heads decide");
        }
        List<Long> chosen = answer.<Object>list("proposals").stream()
                .map(id -> Long.valueOf(id.toString()))
                .toList();
        positions.settle(task.releaseKey(), answer.actor(), answer.text("statement"), chosen);
        return Map.of("askAgain", askAgain);
    }

    @Override
    public Set<String> outcomes() {
        return Set.of("askAgain");
    }
}
