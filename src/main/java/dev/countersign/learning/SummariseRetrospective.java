package dev.countersign.learning;

import dev.countersign.learning.Retrospectives.Input;
import dev.countersign.workflow.Answer;
import dev.countersign.workflow.HumanTask;
import dev.countersign.workflow.OpenTask;
import java.util.Map;
import org.springframework.stereotype.Component;

/** The facilitator puts together what the teams said, and rates each gate and approval. */
@Component
class SummariseRetrospective implements HumanTask {
    private final StoredRetrospectives retrospectives;
    private final RetrospectiveStore store;
    private final RetrospectiveBriefing briefing;
    private final Ratings ratings;

    SummariseRetrospective(
            StoredRetrospectives retrospectives,
            RetrospectiveStore store,
            RetrospectiveBriefing briefing,
            Ratings ratings) {
        this.retrospectives = retrospectives;
        this.store = store;
        this.briefing = briefing;
        this.ratings = ratings;
    }

    @Override
    public String id() {
        return "summariseRetrospective";
    }

    @Override
    public Map<String, Object> briefing(OpenTask task) {
        Map<String, Object> shown = briefing.of(task.releaseKey());
        shown.put(
                "inputs",
                store.inputsOf(task.releaseKey()).stream()
                        .map(SummariseRetrospective::row)
                        .toList());
        shown.put("ratings", ratings.toGive(task.releaseKey()));
        return shown;
    }

    private static Map<String, Object> row(Input input) {
        return Map.of(
                "team", input.team(),
                "person", input.isSilent() ? "nobody until the deadline" : input.person(),
                "wentWell", orEmpty(input.wentWell()),
                "toImprove", orEmpty(input.toImprove()),
                "onGates", orEmpty(input.onGates()));
    }

    private static String orEmpty(String text) {
        return text == null ? "" : text;
    }

    @Override
    public Map<String, Object> complete(OpenTask task, Answer answer) {
        retrospectives.summarise(
                task.releaseKey(),
                answer.actor(),
                answer.text("retrospectiveSummary"),
                answer.text("improvements"),
                ratings.read(task.releaseKey(), answer.list("ratings")));
        return Map.of();
    }
}
