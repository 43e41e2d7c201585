package dev.countersign.review;

import dev.countersign.release.Releases;
import dev.countersign.workflow.Answer;
import dev.countersign.workflow.HumanTask;
import dev.countersign.workflow.OpenTask;
import java.util.Map;
import org.springframework.stereotype.Component;

/** The owner of a condition due by a date says how it was met. */
@Component
class FulfilCondition implements HumanTask {
    private final MeetCondition met;
    private final Releases releases;

    FulfilCondition(MeetCondition met, Releases releases) {
        this.met = met;
        this.releases = releases;
    }

    @Override
    public String id() {
        return "fulfilCondition";
    }

    @Override
    public Map<String, Object> briefing(OpenTask task) {
        var briefing = met.briefing(task);
        briefing.put("state", releases.get(task.releaseKey()).state().name());
        return briefing;
    }

    @Override
    public Map<String, Object> complete(OpenTask task, Answer answer) {
        return met.complete(task, answer);
    }
}
