package dev.countersign.gate.contract;

import dev.countersign.workflow.Answer;
import dev.countersign.workflow.HumanTask;
import dev.countersign.workflow.OpenTask;
import java.util.Map;
import org.springframework.stereotype.Component;

/** The owner of a consuming service consents to what breaks it, or does not. */
@Component("consentToChanges")
class ConsentToChanges implements HumanTask {
    private final ConsentQuestion question;

    ConsentToChanges(ConsentQuestion question) {
        this.question = question;
    }

    @Override
    public String id() {
        return "consentToChanges";
    }

    @Override
    public Map<String, Object> briefing(OpenTask task) {
        return question.briefing(task);
    }

    @Override
    public Map<String, Object> complete(OpenTask task, Answer answer) {
        return question.complete(task, answer);
    }
}
