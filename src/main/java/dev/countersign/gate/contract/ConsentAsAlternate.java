package dev.countersign.gate.contract;

import dev.countersign.workflow.Answer;
import dev.countersign.workflow.HumanTask;
import dev.countersign.workflow.OpenTask;
import java.util.Map;
import org.springframework.stereotype.Component;

/** The owner was silent: the alternate answers for the consuming service. */
@Component("consentAsAlternate")
class ConsentAsAlternate implements HumanTask {
    private final ConsentQuestion question;

    ConsentAsAlternate(ConsentQuestion question) {
        this.question = question;
    }

    @Override
    public String id() {
        return "consentAsAlternate";
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
