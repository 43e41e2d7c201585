package dev.countersign.gate.signoff;

import dev.countersign.workflow.Answer;
import dev.countersign.workflow.HumanTask;
import dev.countersign.workflow.OpenTask;
import java.util.Map;
import java.util.Set;
import org.springframework.stereotype.Component;

/** The head of security gives one more day, or ends the waiting. Nobody can be signed for. */
@Component
class DecideMissingSignoffs implements HumanTask {
    private final Signoffs signoffs;
    private final SignoffBriefing briefing;

    DecideMissingSignoffs(Signoffs signoffs, SignoffBriefing briefing) {
        this.signoffs = signoffs;
        this.briefing = briefing;
    }

    @Override
    public String id() {
        return "decideMissingSignoffs";
    }

    @Override
    public Set<String> outcomes() {
        return Set.of("moreTime");
    }

    @Override
    public Map<String, Object> briefing(OpenTask task) {
        return briefing.of(task.releaseKey(), null);
    }

    @Override
    public Map<String, Object> complete(OpenTask task, Answer answer) {
        boolean moreTime = "extend".equals(answer.text("decision"));
        signoffs.extended(task.releaseKey(), moreTime, answer.text("reason"));
        return Map.of("moreTime", moreTime);
    }
}
