package dev.countersign.learning;

import dev.countersign.identity.Actors;
import dev.countersign.learning.Retrospectives.Input;
import dev.countersign.workflow.Answer;
import dev.countersign.workflow.HumanTask;
import dev.countersign.workflow.OpenTask;
import dev.countersign.workflow.TaskRefused;
import java.time.Clock;
import java.util.Map;
import org.springframework.stereotype.Component;

/** One person speaks for each team. */
@Component
class GiveRetrospectiveInput implements HumanTask {
    private final StoredRetrospectives retrospectives;
    private final RetrospectiveBriefing briefing;
    private final Actors actors;
    private final Clock clock;

    GiveRetrospectiveInput(
            StoredRetrospectives retrospectives, RetrospectiveBriefing briefing, Actors actors, Clock clock) {
        this.retrospectives = retrospectives;
        this.briefing = briefing;
        this.actors = actors;
        this.clock = clock;
    }

    @Override
    public String id() {
        return "giveRetrospectiveInput";
    }

    @Override
    public Map<String, Object> briefing(OpenTask task) {
        Map<String, Object> shown = briefing.of(task.releaseKey());
        shown.put("teamAsked", task.text("team"));
        return shown;
    }

    @Override
    public Map<String, Object> complete(OpenTask task, Answer answer) {
        if (!actors.currentGroups().contains(task.text("team"))) {
            throw TaskRefused.forbidden(
                    answer.actor() + " is not in the group " + task.text("team") + " and cannot speak for it");
        }
        retrospectives.hear(
                task.releaseKey(),
                new Input(
                        task.text("team"),
                        answer.actor(),
                        answer.text("wentWell"),
                        answer.text("toImprove"),
                        answer.text("onGates"),
                        clock.instant()));
        return Map.of();
    }
}
