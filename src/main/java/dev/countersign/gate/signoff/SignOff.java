package dev.countersign.gate.signoff;

import dev.countersign.workflow.Answer;
import dev.countersign.workflow.HumanTask;
import dev.countersign.workflow.OpenTask;
import dev.countersign.workflow.TaskRefused;
import java.util.Map;
import org.springframework.stereotype.Component;

/** Security, privacy or legal approves the release as it is shown, or refuses it. */
@Component
class SignOff implements HumanTask {
    private final Signoffs signoffs;
    private final SignoffBriefing briefing;

    SignOff(Signoffs signoffs, SignoffBriefing briefing) {
        this.signoffs = signoffs;
        this.briefing = briefing;
    }

    @Override
    public String id() {
        return "signOff";
    }

    @Override
    public Map<String, Object> briefing(OpenTask task) {
        return briefing.of(task.releaseKey(), task.text("signoff"));
    }

    @Override
    public Map<String, Object> complete(OpenTask task, Answer answer) {
        boolean approved = "approve".equals(answer.text("decision"));
        if (!approved && (answer.text("reason") == null || answer.text("reason").isEmpty())) {
            throw TaskRefused.invalid("reason", "Say why you refuse: the others need it to put things right");
        }
        signoffs.sign(task.releaseKey(), task.text("signoff"), approved, answer.text("reason"), answer.text("dossier"));
        return Map.of();
    }
}
