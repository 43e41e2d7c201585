package dev.countersign.review;

import dev.countersign.release.Release;
import dev.countersign.release.Releases;
import dev.countersign.workflow.Answer;
import dev.countersign.workflow.HumanTask;
import dev.countersign.workflow.OpenTask;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

@Component("reviewHistory")
class ReviewHistory implements HumanTask {
    private final ReviewBriefing facts;
    private final Releases releases;
    private final HistoryReviewing history;

    ReviewHistory(ReviewBriefing facts, Releases releases, HistoryReviewing history) {
        this.facts = facts;
        this.releases = releases;
        this.history = history;
    }

    @Override
    public String id() {
        return "reviewHistory";
    }

    @Override
    public Map<String, Object> briefing(OpenTask task) {
        Release release = releases.get(task.releaseKey());
        var figures = history.figures(release);
        var briefing = facts.of(task.releaseKey());
        briefing.put(
                "similar",
                figures.similar().stream()
                        .map(other -> Map.<String, Object>of(
                                "release", other.key(),
                                "state", other.state().name(),
                                "same", HistoryReviewing.sameChanges(release, other) + " of the same changes",
                                "summary", ReviewBriefing.text(other.summary())))
                        .toList());
        briefing.put(
                "risk",
                figures.risk().entrySet().stream()
                        .map(input -> Map.<String, Object>of(
                                "input", input.getKey(), "value", String.valueOf(input.getValue())))
                        .toList());
        briefing.put(
                "changes",
                release.changes().entrySet().stream()
                        .filter(Map.Entry::getValue)
                        .map(Map.Entry::getKey)
                        .sorted()
                        .collect(Collectors.joining(", ")));
        return briefing;
    }

    @Override
    public Map<String, Object> complete(OpenTask task, Answer answer) {
        history.review(
                task.releaseKey(),
                answer.actor(),
                "yes".equals(answer.text("mitigationNeeded")),
                answer.text("reason"),
                StatedConditions.read(answer.list("conditions")));
        return Map.of();
    }
}
