package dev.countersign.review;

import dev.countersign.workflow.Answer;
import dev.countersign.workflow.HumanTask;
import dev.countersign.workflow.OpenTask;
import java.util.Map;
import org.springframework.stereotype.Component;

@Component("voteAsAlternate")
class VoteAsAlternate implements HumanTask {
    private final VoteForm form;

    VoteAsAlternate(VoteForm form) {
        this.form = form;
    }

    @Override
    public String id() {
        return "voteAsAlternate";
    }

    @Override
    public Map<String, Object> briefing(OpenTask task) {
        return form.briefing(task);
    }

    @Override
    public Map<String, Object> complete(OpenTask task, Answer answer) {
        return form.complete(task, answer, VoteRow.ALTERNATE);
    }
}
