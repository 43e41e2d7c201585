package dev.countersign.review;

import dev.countersign.identity.Actors;
import dev.countersign.identity.People;
import dev.countersign.identity.Role;
import dev.countersign.release.Timeline;
import dev.countersign.workflow.Answer;
import dev.countersign.workflow.HumanTask;
import dev.countersign.workflow.OpenTask;
import dev.countersign.workflow.TaskRefused;
import java.util.Map;
import org.springframework.stereotype.Component;

@Component("meetCondition")
class MeetCondition implements HumanTask {
    private final ReviewBriefing facts;
    private final Conditions conditions;
    private final Actors actors;
    private final People people;
    private final Timeline timeline;

    MeetCondition(ReviewBriefing facts, Conditions conditions, Actors actors, People people, Timeline timeline) {
        this.facts = facts;
        this.conditions = conditions;
        this.actors = actors;
        this.people = people;
        this.timeline = timeline;
    }

    @Override
    public String id() {
        return "meetCondition";
    }

    @Override
    public Map<String, Object> briefing(OpenTask task) {
        var briefing = facts.of(task.releaseKey());
        ConditionRow condition = condition(task);
        briefing.put("condition", condition.text());
        briefing.put("demandedBy", condition.seat() == null ? condition.statedBy() : condition.seat());
        briefing.put("due", ReviewBriefing.time(condition.due()));
        briefing.put("check", ReviewBriefing.text(condition.check()));
        return briefing;
    }

    @Override
    public Map<String, Object> complete(OpenTask task, Answer answer) {
        ConditionRow condition = condition(task);
        checkOwner(condition, answer.actor());
        if (!conditions.meet(condition.id(), answer.actor(), answer.text("how"))) {
            throw TaskRefused.stale("The condition was met before, by " + condition.metBy());
        }
        timeline.record(
                task.releaseKey(),
                "condition.met",
                answer.actor(),
                "Condition met: " + condition.text() + ". " + answer.text("how"),
                Map.of("condition", condition.id()));
        return Map.of();
    }

    /** The owner, a person or a group, whomever the model asked; release managers where nobody is left who could. */
    private void checkOwner(ConditionRow condition, String person) {
        String owner = condition.owner();
        boolean orphaned = people.find(owner).isEmpty() && !people.hasMembers(owner);
        boolean stands = orphaned && actors.has(Role.RELEASE_MANAGER);
        if (!owner.equals(person) && !actors.currentGroups().contains(owner) && !stands) {
            throw TaskRefused.forbidden("The condition '%s' belongs to %s".formatted(condition.text(), owner));
        }
    }

    private ConditionRow condition(OpenTask task) {
        return conditions
                .find(task.releaseKey(), Long.parseLong(task.text("condition")))
                .orElseThrow(() -> TaskRefused.stale("The vote that demanded this condition is void"));
    }
}
