package dev.countersign.criteria;

import dev.countersign.criteria.Criteria.CriteriaSet;
import dev.countersign.workflow.Answer;
import dev.countersign.workflow.HumanTask;
import dev.countersign.workflow.OpenTask;
import dev.countersign.workflow.TaskRefused;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/** A party agrees, or proposes something else for single criteria. */
@Component
class AgreeOnCriteria implements HumanTask {
    private final CriteriaBriefing briefing;
    private final Negotiation negotiation;
    private final Positions positions;

    AgreeOnCriteria(CriteriaBriefing briefing, Negotiation negotiation, Positions positions) {
        this.briefing = briefing;
        this.negotiation = negotiation;
        this.positions = positions;
    }

    @Override
    public String id() {
        return "agreeOnCriteria";
    }

    @Override
    public Map<String, Object> briefing(OpenTask task) {
        var shown = new HashMap<>(briefing.of(task.releaseKey()));
        shown.put("party", task.text("party"));
        return shown;
    }

    @Override
    public Map<String, Object> complete(OpenTask task, Answer answer) {
        String party = task.text("party");
        if ("agree".equals(answer.text("answer"))) {
            positions.agree(task.releaseKey(), party, answer.actor(), answer.text("dossier"), answer.text("comment"));
        } else {
            positions.counter(
                    task.releaseKey(),
                    party,
                    answer.actor(),
                    answer.text("dossier"),
                    counters(negotiation.newest(task.releaseKey()), answer.list("counterProposals")));
        }
        return Map.of();
    }

    private static List<Counter> counters(CriteriaSet set, List<Map<String, Object>> rows) {
        return rows.stream().map(row -> counter(set, row)).toList();
    }

    private static Counter counter(CriteriaSet set, Map<String, Object> row) {
        String about = text(row, "criterion");
        boolean dropped = Boolean.TRUE.equals(row.get("drop"));
        if ("new".equals(about)) {
            return new Counter(
                    null, false, text(row, "text"), text(row, "binding"), text(row, "limit"), text(row, "reason"));
        }
        return set.criteria().stream()
                .filter(criterion -> String.valueOf(criterion.number()).equals(about))
                .findFirst()
                .map(criterion -> Counter.to(
                        criterion,
                        dropped,
                        text(row, "text"),
                        text(row, "binding"),
                        text(row, "limit"),
                        text(row, "reason")))
                .orElseThrow(() -> TaskRefused.invalid("counterProposals", "There is no criterion " + about));
    }

    private static String text(Map<String, Object> row, String field) {
        Object value = row.get(field);
        return value == null ? null : value.toString().strip();
    }
}
